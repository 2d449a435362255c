/**
 * The engine over its threads: one executor with the database, one worker for HTTP actions, one for actions. Lives on the
 * main thread, passes messages, and starts a thread again when it dies, without the function that killed it.
 */
import { EventEmitter } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { ActionsRole } from "./actionsThread.ts";
import { ActionWorkers, ROLES } from "./actionWorkers.ts";
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
import type { ControlRequest, Deployment, FromExecutor } from "./messages.ts";
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

const THREADS: ThreadName[] = ["executor", ...ROLES];

export class Supervisor implements Engine {
  readonly #options: SupervisorOptions;
  readonly #events = new EventEmitter();
  #executor: ExecutorThread | null = null;
  readonly #actions: ActionWorkers;
  #deployment: Deployment | null = null;
  #ts = 0n;
  #nextId = 1;
  readonly #runs = new Pending<FunctionOutcome>();
  readonly #controls = new Pending<unknown>();
  readonly #watched = new Map<WatchId, WatchedQuery>();
  /** Queries that have ended an executor: they do not run again until the code or the environment is another. */
  readonly #poisonedWatches = new Map<WatchId, WatchedQuery>();
  /** Jobs and crons whose function killed the executor: they do not run again by themselves. */
  readonly #poisonedJobs: RunLabel[] = [];
  readonly #readiness = new Readiness<ThreadName>(THREADS);
  #closing = false;
  #logFollowers = 0;
  readonly #backOff = new BackOff();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#events.setMaxListeners(0);
    const { limits, meters, log } = options;
    this.#actions = new ActionWorkers({
      ...{ limits, meters, log },
      readiness: this.#readiness,
      backOff: this.#backOff,
      logEntry: (entry) => this.#events.emit("log", entry),
    });
  }

  /** Resolves when functions can be called. Rejects with one clear line when the database cannot be opened. */
  async start(): Promise<void> {
    await this.#spawn();
    await this.#readiness.wait(THREADS, Infinity);
  }

  async run(request: RunRequest): Promise<FunctionOutcome> {
    const type = request.type === "any" ? this.#typeOf(request) : request.type;
    if (type === "action") return this.#actions.run(request, false);
    if (!this.#readiness.has("executor")) await this.#readiness.wait(["executor"]);
    const executor = this.#usable();
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
    this.#poisonedWatches.delete(id);
    if (this.#watched.delete(id)) this.#executor?.post({ type: "unwatch", id });
  }

  onUpdate(listener: (update: WatchUpdate) => void): () => void {
    return this.#on("update", listener);
  }

  currentTs(): bigint {
    return this.#ts;
  }

  httpAction(request: HttpRequest): Promise<HttpResponse> {
    return this.#actions.httpAction(request);
  }

  /** Administrative work; rejects with an EngineError that names what was wrong. */
  async control<T>(control: ControlRequest): Promise<T> {
    const executor = this.#usable();
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
    await this.#rejectAll("The backend was stopped.");
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
      this.#actions.start(executor);
    });
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
        if (this.#logFollowers > 0) this.#executor?.post({ type: "log", enabled: true });
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

  async #runScheduled(jobId: string, call: FunctionCall): Promise<void> {
    const outcome = await this.#actions.run(call, true).catch(failedAction);
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
    const isOther = !runsTheSame(this.#deployment, deployment);
    this.#deployment = deployment;
    this.#actions.load(deployment);
    this.#events.emit("deployed");
    if (!isOther) return;
    for (const [id, query] of this.#poisonedWatches) {
      this.#watched.set(id, query);
      this.#executor?.post({ type: "watch", id, query });
    }
    this.#poisonedWatches.clear();
  }

  #usable(): ExecutorThread {
    if (this.#executor === null || this.#closing) throw unavailable();
    return this.#executor;
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
    void this.#rejectAll("The function was interrupted by a restart of the backend.");
    // With a culprit the next one will live. Others must not wait for what somebody may call again and again.
    const delayMs = wasReady && running !== null ? 0 : this.#backOff.next(performance.now());
    setTimeout(() => void this.#respawn(), delayMs);
  }

  #punish(running: RunLabel, reason: string): void {
    const [kind, id = ""] = running.split(" ");
    const errorMessage = `[Request ID: ${newRequestId()}] Server Error\nFunction execution was stopped: ${reason}.`;
    if (kind === "run") this.#runs.resolve(Number(id), { ok: false, errorMessage, logLines: [] });
    if (kind === "job" || kind === "cron") this.#poisonedJobs.push(running);
    const watched = kind === "watch" ? this.#watched.get(Number(id)) : undefined;
    if (watched === undefined) return;
    this.#watched.delete(Number(id));
    this.#poisonedWatches.set(Number(id), watched);
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

  /** Ends the action threads, and all waiting with this message. */
  #rejectAll(message: string): Promise<void> {
    const error = new EngineError("InternalServerError", message, 503);
    this.#runs.rejectAll(error);
    this.#controls.rejectAll(error);
    return this.#actions.stop(error);
  }

  #setLogging(enabled: boolean): void {
    this.#executor?.post({ type: "log", enabled });
    this.#actions.setLogging(enabled);
  }

  #on<T>(event: string, listener: (value: T) => void): () => void {
    this.#events.on(event, listener);
    return () => this.#events.off(event, listener);
  }
}

function runsTheSame(before: Deployment | null, after: Deployment): boolean {
  return (
    isDeepStrictEqual(before?.manifest, after.manifest) &&
    isDeepStrictEqual(before?.environment, after.environment)
  );
}
