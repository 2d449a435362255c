/**
 * The two threads outside of transactions, one for HTTP actions and one for actions: what is in flight on each, and a new
 * one in the place of one that dies. They live and die with an executor, to which they have ways of their own.
 */
import { ActionsThread, type ActionsRole } from "./actionsThread.ts";
import type { BackOff } from "./backOff.ts";
import {
  EngineError,
  type FunctionCall,
  type FunctionOutcome,
  type HttpRequest,
  type HttpResponse,
  type LogEntry,
} from "./engine.ts";
import { failedAction } from "./errors.ts";
import type { ExecutorThread } from "./executorThread.ts";
import type { Deployment, FromActions } from "./messages.ts";
import type { Meters } from "./meters.ts";
import { Pending } from "./pending.ts";
import { unavailable, type Readiness } from "./readiness.ts";
import type { ThreadLimits } from "./threadLimits.ts";

export type ActionWorkersOptions = {
  limits: ThreadLimits;
  meters: Meters;
  readiness: Readiness<"executor" | ActionsRole>;
  backOff: BackOff;
  logEntry: (entry: LogEntry) => void;
  log: (line: string) => void;
};

export const ROLES: ActionsRole[] = ["http", "actions"];

export class ActionWorkers {
  readonly #options: ActionWorkersOptions;
  readonly #threads = new Map<ActionsRole, ActionsThread>();
  readonly #runs = new Pending<FunctionOutcome>();
  readonly #http = new Pending<HttpResponse>();
  /** Null while there is none: threads that die then are not started again. */
  #executor: ExecutorThread | null = null;
  #deployment: Deployment | null = null;
  #isLogging = false;
  #nextId = 1;

  constructor(options: ActionWorkersOptions) {
    this.#options = options;
  }

  /** Starts both. They have no code until `load` is called. */
  start(executor: ExecutorThread): void {
    this.#executor = executor;
    for (const role of ROLES) this.#spawn(role, executor);
  }

  load(deployment: Deployment): void {
    this.#deployment = deployment;
    for (const [role, thread] of this.#threads) {
      this.#options.readiness.lost(role);
      thread.post({ type: "load", deployment });
    }
  }

  async httpAction(request: HttpRequest): Promise<HttpResponse> {
    const { readiness } = this.#options;
    if (!readiness.has("http")) await readiness.wait(["http"]);
    const thread = this.#usable("http");
    const id = this.#nextId++;
    thread.post({ type: "http", id, request });
    return this.#http.wait(id);
  }

  /** `trusted` calls may reach any function. */
  async run(call: FunctionCall, trusted: boolean): Promise<FunctionOutcome> {
    const { readiness, meters } = this.#options;
    if (!readiness.has("actions")) await readiness.wait(["actions"]);
    const thread = this.#usable("actions");
    meters.add("actions");
    const id = this.#nextId++;
    thread.post({ type: "action", id, call, trusted, identity: call.caller.identity });
    return this.#runs.wait(id);
  }

  setLogging(enabled: boolean): void {
    this.#isLogging = enabled;
    for (const thread of this.#threads.values()) thread.post({ type: "log", enabled });
  }

  /** Ends both, and rejects what is in flight with the error. */
  async stop(error: EngineError): Promise<void> {
    this.#executor = null;
    const threads = [...this.#threads.values()];
    this.#threads.clear();
    for (const role of ROLES) this.#options.readiness.lost(role);
    this.#runs.rejectAll(error);
    this.#http.rejectAll(error);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #spawn(role: ActionsRole, executor: ExecutorThread): void {
    const { limits, log, readiness } = this.#options;
    readiness.lost(role);
    const thread = new ActionsThread({
      role,
      limits,
      log,
      receive: (message) => this.#receive(role, message),
      connect: (port) => executor.connect(port),
      died: (reason) => this.#died(role, reason),
    });
    this.#threads.set(role, thread);
    if (this.#isLogging) thread.post({ type: "log", enabled: true });
    // A new executor lays out the code anew before it can be loaded, and says so.
    if (this.#deployment !== null && readiness.has("executor"))
      thread.post({ type: "load", deployment: this.#deployment });
  }

  #receive(role: ActionsRole, message: Exclude<FromActions, { type: "pong" }>): void {
    switch (message.type) {
      case "loaded":
        if (message.error !== undefined)
          this.#options.log(`Modules failed to load for ${role}: ${message.error}`);
        if (message.generation === this.#deployment?.generation)
          this.#options.readiness.ready(role);
        return;
      case "actionResult":
        return this.#runs.resolve(message.id, message.outcome);
      case "httpResult":
        return this.#http.resolve(message.id, message.response);
      case "runAction":
        void this.#answer(role, message.id, message.call);
        return;
      case "logEntry":
        this.#options.logEntry(message.entry);
        return;
      default:
        throw new Error(
          `Unknown message from an action worker: ${JSON.stringify(message satisfies never)}`,
        );
    }
  }

  /** A thread asked for an action. */
  async #answer(role: ActionsRole, id: number, call: FunctionCall): Promise<void> {
    const outcome = await this.run(call, true).catch(failedAction);
    this.#threads.get(role)?.post({ type: "result", id, outcome });
  }

  #died(role: ActionsRole, reason: string): void {
    const executor = this.#executor;
    if (executor === null) return;
    const { backOff, log, readiness } = this.#options;
    log(
      `The worker for ${role === "http" ? "HTTP actions" : "actions"} was lost (${reason}). Starting it again.`,
    );
    this.#threads.delete(role);
    readiness.lost(role);
    const text = `The action was interrupted: its worker was ended (${reason}).`;
    const error = new EngineError("InternalServerError", text, 500);
    if (role === "http") this.#http.rejectAll(error);
    else this.#runs.rejectAll(error);
    setTimeout(() => {
      // Another executor has brought threads of its own.
      if (this.#executor === executor && !this.#threads.has(role)) this.#spawn(role, executor);
    }, backOff.next(performance.now()));
  }

  #usable(role: ActionsRole): ActionsThread {
    const thread = this.#threads.get(role);
    if (thread === undefined || this.#executor === null) throw unavailable();
    return thread;
  }
}
