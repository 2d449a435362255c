/**
 * The engine over its threads: one executor with the database, one worker for HTTP actions, one for actions. Lives on the
 * main thread, passes messages, and starts a thread again when it dies, without the function that killed it.
 */
import { EventEmitter } from "node:events";
import { ActionsThread, type ActionsRole } from "./actionsThread.ts";
import { BackOff } from "./backOff.ts";
import {
  EngineError,
  type AuthProvider,
  type Engine,
  type FunctionCall,
  type FunctionOutcome,
  type HttpRequest,
  type HttpResponse,
  type LogEntry,
  type QueryOutcome,
  type RunRequest,
  type WatchId,
  type WatchUpdate,
} from "./engine.ts";
import { failedAction } from "./errors.ts";
import { ExecutorThread } from "./executorThread.ts";
import { canonicalPath } from "./functionPath.ts";
import type { ControlRequest, Deployment, FromActions, FromExecutor } from "./messages.ts";
import type { Meters } from "./meters.ts";
import { Pending } from "./pending.ts";
import { Readiness, unavailable } from "./readiness.ts";
import { newRequestId, NOBODY } from "./requestId.ts";
import type { RunLabel } from "./runMarker.ts";
import type { ThreadLimits } from "./threadLimits.ts";

export type SupervisorOptions = {
  dataDir: string;
  deploymentName: string;
  /** CONVEX_CLOUD_URL and CONVEX_SITE_URL. */
  systemEnvironment: Record<string, string>;
  limits: ThreadLimits;
  meters: Meters;
  log: (line: string) => void;
};

type WatchedQuery = FunctionCall & { journal?: string | null };

type ThreadName = "executor" | ActionsRole;

const ROLES: ActionsRole[] = ["http", "actions"];
const THREADS: ThreadName[] = ["executor", ...ROLES];
export class Supervisor implements Engine {
  readonly #options: SupervisorOptions;
  readonly #events = new EventEmitter();
  #executor: ExecutorThread | null = null;
  readonly #actions = new Map<ActionsRole, ActionsThread>();
  #deployment: Deployment | null = null;
  #ts = 0n;
  #nextId = 1;
  readonly #runs = new Pending<FunctionOutcome>();
  readonly #actionRuns = new Pending<FunctionOutcome>();
  readonly #http = new Pending<HttpResponse>();
  readonly #controls = new Pending<unknown>();
  readonly #watched = new Map<WatchId, WatchedQuery>();
  /** Jobs and crons whose function killed the executor: they do not run again by themselves. */
  readonly #poisonedJobs: RunLabel[] = [];
  readonly #readiness = new Readiness<ThreadName>(THREADS);
  #closing = false;
  #logFollowers = 0;
  readonly #backOff = new BackOff();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#events.setMaxListeners(0);
  }

  /** Resolves when functions can be called. Rejects with one clear line when the database cannot be opened. */
  async start(): Promise<void> {
    await this.#spawn();
    await this.#readiness.wait(THREADS, Infinity);
  }

  async run(request: RunRequest): Promise<FunctionOutcome> {
    const type = request.type === "any" ? this.#typeOf(request) : request.type;
    if (type === "action") return this.#runAction(request, false);
    if (!this.#readiness.has("executor")) await this.#readiness.wait(["executor"]);
    const executor = this.#usable(this.#executor);
    const id = this.#nextId++;
    executor.post({ type: "run", id, request });
    return this.#runs.wait(id);
  }

  watch(query: WatchedQuery): WatchId {
    const id = this.#nextId++;
    this.#watched.set(id, query);
    this.#executor?.post({ type: "watch", id, query });
    return id;
  }

  unwatch(id: WatchId): void {
    if (this.#watched.delete(id)) this.#executor?.post({ type: "unwatch", id });
  }

  onUpdate(listener: (update: WatchUpdate) => void): () => void {
    return this.#on("update", listener);
  }

  currentTs(): bigint {
    return this.#ts;
  }

  async httpAction(request: HttpRequest): Promise<HttpResponse> {
    if (!this.#readiness.has("http")) await this.#readiness.wait(["http"]);
    const thread = this.#usable(this.#actions.get("http"));
    const id = this.#nextId++;
    thread.post({ type: "http", id, request });
    return this.#http.wait(id);
  }

  /** Administrative work; rejects with an EngineError that names what was wrong. */
  async control<T>(control: ControlRequest): Promise<T> {
    const executor = this.#usable(this.#executor);
    const id = this.#nextId++;
    executor.post({ type: "control", id, control });
    const value = await this.#controls.wait(id);
    // A thread that cannot load what the others have loaded is no reason to say that it was not stored.
    await this.#readiness.wait(THREADS).catch(() => undefined);
    return value as T;
  }

  /** One of the operations of builtins.ts; rejects when it cannot be done. */
  async builtin<T>(name: string, componentPath: string, args: unknown): Promise<T> {
    const call = { path: `_builtin/${name}`, componentPath, args: JSON.stringify(args) };
    const request = { ...call, type: "mutation", caller: NOBODY, trusted: true } as const;
    const outcome = await this.run(request);
    if (outcome.ok) return JSON.parse(outcome.value) as T;
    throw new EngineError("InternalServerError", outcome.errorMessage, 500);
  }

  deployment(): Deployment {
    if (this.#deployment === null)
      throw new EngineError("NotReady", "The backend is still starting.");
    return this.#deployment;
  }

  authProviders(): AuthProvider[] {
    return (this.#deployment?.manifest?.authProviders ?? []) as AuthProvider[];
  }

  onDeploymentChange(listener: () => void): () => void {
    return this.#on("deployed", listener);
  }

  onLog(listener: (entry: LogEntry) => void): () => void {
    return this.#on("log", listener);
  }

  /** Until the returned function is called, every completion is logged, not only those with output. */
  followLog(): () => void {
    if (this.#logFollowers++ === 0) this.#setLogging(true);
    return () => {
      if (--this.#logFollowers === 0) this.#setLogging(false);
    };
  }

  /** Lets what was accepted finish, closes the database, ends the threads. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#readiness.giveUp();
    await this.#executor?.close();
    await Promise.all([...this.#actions.values()].map((thread) => thread.terminate()));
    this.#rejectAll("The backend was stopped.");
  }

  #spawn(): Promise<void> {
    const { dataDir, deploymentName, systemEnvironment, limits, meters, log } = this.#options;
    return new Promise((resolve, reject) => {
      const executor = new ExecutorThread({
        dataDir,
        deploymentName,
        systemEnvironment,
        limits,
        poisonedJobs: this.#poisonedJobs,
        meters: meters.buffer,
        log,
        receive: (message) => {
          if (message.type === "ready") resolve();
          if (message.type === "failed") {
            void executor.terminate();
            reject(new Error(message.message));
          } else this.#fromExecutor(message);
        },
        died: (reason, running) => this.#executorDied(reason, running),
      });
      this.#executor = executor;
      for (const role of ROLES) this.#spawnActions(role, executor);
    });
  }

  #spawnActions(role: ActionsRole, executor: ExecutorThread): void {
    this.#readiness.lost(role);
    const thread = new ActionsThread({
      role,
      limits: this.#options.limits,
      log: this.#options.log,
      receive: (message) => this.#fromActions(role, message),
      connect: (port) => executor.connect(port),
      died: (reason) => this.#actionsDied(role, reason),
    });
    this.#actions.set(role, thread);
    // A new executor lays out the code anew before it can be loaded, and says so.
    if (this.#deployment !== null && this.#readiness.has("executor"))
      thread.post({ type: "load", deployment: this.#deployment });
  }

  #fromExecutor(message: Exclude<FromExecutor, { type: "pong" }>): void {
    switch (message.type) {
      case "result":
        return this.#runs.resolve(message.id, message.outcome);
      case "update":
        this.#ts = message.ts;
        this.#events.emit("update", {
          ts: message.ts,
          changed: new Map(message.changed),
        } satisfies WatchUpdate);
        return;
      case "ready":
        this.#ts = message.ts;
        this.#poisonedJobs.length = 0;
        this.#readiness.ready("executor");
        for (const [id, query] of this.#watched) this.#executor?.post({ type: "watch", id, query });
        return;
      case "deployed":
        return this.#deploy(message.deployment);
      case "controlResult": {
        const { error } = message;
        if (error === undefined) return this.#controls.resolve(message.id, message.value);
        return this.#controls.reject(message.id, new EngineError(error.code, error.message, 400));
      }
      case "runScheduledAction":
        void this.#runScheduled(message.jobId, message.call);
        return;
      case "logEntry":
        this.#events.emit("log", message.entry);
        return;
      case "failed":
      case "closed":
        return;
      default:
        throw new Error(
          `Unknown message from the executor: ${JSON.stringify(message satisfies never)}`,
        );
    }
  }

  #fromActions(role: ActionsRole, message: Exclude<FromActions, { type: "pong" }>): void {
    switch (message.type) {
      case "loaded":
        if (message.error !== undefined)
          this.#options.log(`Modules failed to load for ${role}: ${message.error}`);
        if (message.generation === this.#deployment?.generation) this.#readiness.ready(role);
        return;
      case "actionResult":
        return this.#actionRuns.resolve(message.id, message.outcome);
      case "httpResult":
        return this.#http.resolve(message.id, message.response);
      case "runAction":
        void this.#answerAction(role, message.id, message.call);
        return;
      case "logEntry":
        this.#events.emit("log", message.entry);
        return;
      default:
        throw new Error(
          `Unknown message from an action worker: ${JSON.stringify(message satisfies never)}`,
        );
    }
  }

  async #runAction(call: FunctionCall, trusted: boolean): Promise<FunctionOutcome> {
    if (!this.#readiness.has("actions")) await this.#readiness.wait(["actions"]);
    const thread = this.#usable(this.#actions.get("actions"));
    this.#options.meters.add("actions");
    const id = this.#nextId++;
    thread.post({ type: "action", id, call, trusted, identity: call.caller.identity });
    return this.#actionRuns.wait(id);
  }

  /** An HTTP action asked for an action. */
  async #answerAction(role: ActionsRole, id: number, call: FunctionCall): Promise<void> {
    const outcome = await this.#runAction(call, true).catch(failedAction);
    this.#actions.get(role)?.post({ type: "result", id, outcome });
  }

  async #runScheduled(jobId: string, call: FunctionCall): Promise<void> {
    const outcome = await this.#runAction(call, true).catch(failedAction);
    this.#executor?.post({ type: "scheduledActionDone", jobId, outcome });
  }

  #typeOf(request: RunRequest): string {
    const { manifest } = this.deployment();
    const mounted = manifest?.components.find((one) => one.path === (request.componentPath ?? ""));
    const definition = manifest?.definitions.find((one) => one.path === mounted?.definitionPath);
    const path = canonicalPath(request.path);
    return definition?.functions.find((fn) => fn.path === path)?.type ?? "any";
  }

  #deploy(deployment: Deployment): void {
    this.#deployment = deployment;
    for (const [role, thread] of this.#actions) {
      this.#readiness.lost(role);
      thread.post({ type: "load", deployment });
    }
    this.#events.emit("deployed");
  }

  #usable<T>(thread: T | null | undefined): T {
    if (thread == null || this.#closing) throw unavailable();
    return thread;
  }

  /**
   * Nobody knows how far the dead thread's work had come: everyone who waits is told so, and may ask again. The function
   * that was running is told that it is to blame, and is not run again by itself.
   */
  #executorDied(reason: string, running: RunLabel | null): void {
    if (this.#closing) return;
    this.#options.log(
      `The executor was lost (${reason}${running === null ? "" : `, while running "${running}"`}). Starting it again.`,
    );
    const wasReady = this.#readiness.has("executor");
    this.#executor = null;
    this.#readiness.lost("executor");
    if (running !== null) this.#punish(running, reason);
    for (const [role, thread] of this.#actions) {
      void thread.terminate();
      this.#actions.delete(role);
      this.#readiness.lost(role);
    }
    this.#rejectAll("The function was interrupted by a restart of the backend.");
    // With a culprit the next one will live. Others must not wait for what somebody may call again and again.
    const delayMs = wasReady && running !== null ? 0 : this.#backOff.next(Date.now());
    setTimeout(() => void this.#respawn(), delayMs);
  }

  #punish(running: RunLabel, reason: string): void {
    const [kind, id = ""] = running.split(" ");
    const errorMessage = `[Request ID: ${newRequestId()}] Server Error\nFunction execution was stopped: ${reason}.`;
    if (kind === "run") this.#runs.resolve(Number(id), { ok: false, errorMessage, logLines: [] });
    if (kind === "job" || kind === "cron") this.#poisonedJobs.push(running);
    if (kind !== "watch" || !this.#watched.delete(Number(id))) return;
    const outcome: QueryOutcome = { ok: false, errorMessage, logLines: [], journal: null };
    this.#events.emit("update", {
      ts: this.#ts,
      changed: new Map([[Number(id), outcome]]),
    } satisfies WatchUpdate);
  }

  async #respawn(): Promise<void> {
    if (this.#closing) return;
    try {
      await this.#spawn();
    } catch (error) {
      this.#executorDied(error instanceof Error ? error.message : String(error), null);
    }
  }

  #actionsDied(role: ActionsRole, reason: string): void {
    if (this.#closing || this.#executor === null) return;
    this.#options.log(
      `The worker for ${role === "http" ? "HTTP actions" : "actions"} was lost (${reason}). Starting it again.`,
    );
    this.#actions.delete(role);
    this.#readiness.lost(role);
    const text = `The action was interrupted: its worker was ended (${reason}).`;
    const error = new EngineError("InternalServerError", text, 500);
    if (role === "http") this.#http.rejectAll(error);
    else this.#actionRuns.rejectAll(error);
    setTimeout(() => {
      if (!this.#closing && this.#executor !== null && !this.#actions.has(role))
        this.#spawnActions(role, this.#executor);
    }, this.#backOff.next(Date.now()));
  }

  #rejectAll(message: string): void {
    const error = new EngineError("InternalServerError", message, 503);
    for (const pending of [this.#runs, this.#actionRuns, this.#http, this.#controls])
      pending.rejectAll(error);
  }

  #setLogging(enabled: boolean): void {
    this.#executor?.post({ type: "log", enabled });
    for (const thread of this.#actions.values()) thread.post({ type: "log", enabled });
  }

  #on<T>(event: string, listener: (value: T) => void): () => void {
    this.#events.on(event, listener);
    return () => this.#events.off(event, listener);
  }
}
