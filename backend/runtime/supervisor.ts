/**
 * The engine over its threads: one executor with the database, one worker for HTTP actions, one for actions. Lives on the
 * main thread, passes messages, and starts everything again when a thread dies.
 */
import { EventEmitter } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import type { ActionsWorkerData } from "./actions.worker.ts";
import { Channel } from "./channel.ts";
import {
  EngineError,
  type AuthProvider,
  type Engine,
  type FunctionCall,
  type FunctionOutcome,
  type HttpRequest,
  type HttpResponse,
  type LogEntry,
  type RunRequest,
  type WatchId,
  type WatchUpdate,
} from "./engine.ts";
import type { ExecutorWorkerData } from "./executor.worker.ts";
import { canonicalPath } from "./functionPath.ts";
import type {
  ControlRequest,
  Deployment,
  FromActions,
  FromExecutor,
  ToActions,
  ToExecutor,
} from "./messages.ts";

export type SupervisorOptions = {
  dataDir: string;
  deploymentName: string;
  /** CONVEX_CLOUD_URL and CONVEX_SITE_URL. */
  systemEnvironment: Record<string, string>;
  log: (line: string) => void;
};

type Waiting<T> = { resolve(value: T): void; reject(error: Error): void };
type Role = ActionsWorkerData["role"];
type ActionsWorker = { worker: Worker; channel: Channel<ToActions, FromActions> };
type Threads = {
  executor: Worker;
  toExecutor: Channel<ToExecutor, FromExecutor>;
  actions: Record<Role, ActionsWorker>;
};

const RESTART_DELAY_MS = 200;

export class Supervisor implements Engine {
  readonly #options: SupervisorOptions;
  readonly #events = new EventEmitter();
  #threads: Threads | null = null;
  #deployment: Deployment | null = null;
  #ts = 0n;
  #nextId = 1;
  readonly #runs = new Map<number, Waiting<FunctionOutcome>>();
  readonly #http = new Map<number, Waiting<HttpResponse>>();
  readonly #controls = new Map<number, Waiting<unknown>>();
  readonly #watched = new Map<WatchId, FunctionCall & { journal?: string | null }>();
  /** Roles that have not loaded the current deployment yet, and who waits for them. */
  readonly #loading = new Set<Role>();
  #whenLoaded: (() => void)[] = [];
  #closing = false;
  #logListeners = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#events.setMaxListeners(0);
  }

  /** Resolves when functions can be called. Rejects with one clear line when the database cannot be opened. */
  async start(): Promise<void> {
    await this.#spawn();
    await this.#loaded();
  }

  run(request: RunRequest): Promise<FunctionOutcome> {
    const type = request.type === "any" ? this.#typeOf(request) : request.type;
    if (type === "action") return this.#runAction(request, false);
    return this.#ask(this.#runs, (id, { toExecutor }) =>
      toExecutor.post({ type: "run", id, request }),
    );
  }

  watch(query: FunctionCall & { journal?: string | null }): WatchId {
    const id = this.#nextId++;
    this.#watched.set(id, query);
    this.#threads?.toExecutor.post({ type: "watch", id, query });
    return id;
  }

  unwatch(id: WatchId): void {
    if (this.#watched.delete(id)) this.#threads?.toExecutor.post({ type: "unwatch", id });
  }

  onUpdate(listener: (update: WatchUpdate) => void): () => void {
    return this.#on("update", listener);
  }

  currentTs(): bigint {
    return this.#ts;
  }

  httpAction(request: HttpRequest): Promise<HttpResponse> {
    return this.#ask(this.#http, (id, { actions }) =>
      actions.http.channel.post({ type: "http", id, request }),
    );
  }

  /** Administrative work; rejects with an EngineError that names what was wrong. */
  async control<T>(control: ControlRequest): Promise<T> {
    const value = await this.#ask(this.#controls, (id, { toExecutor }) =>
      toExecutor.post({ type: "control", id, control }),
    );
    await this.#loaded();
    return value as T;
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

  /** Every completion is reported, not only those with output, while someone follows the log. */
  followLog(): () => void {
    this.#setLogging(this.#logListeners++ === 0 ? true : null);
    return () => this.#setLogging(--this.#logListeners === 0 ? false : null);
  }

  /** Lets what was accepted finish, closes the database, ends the threads. */
  async close(): Promise<void> {
    this.#closing = true;
    const threads = this.#threads;
    if (threads === null) return;
    const ended = new Promise<void>((resolve) => threads.executor.once("exit", () => resolve()));
    threads.toExecutor.post({ type: "close" });
    await ended;
    await Promise.all(Object.values(threads.actions).map(({ worker }) => worker.terminate()));
    this.#rejectAll();
  }

  #spawn(): Promise<void> {
    const { dataDir, deploymentName, systemEnvironment } = this.#options;
    const http = new MessageChannel();
    const actions = new MessageChannel();
    const actionPorts = [http.port1, actions.port1];
    const executor = new Worker(new URL("./executor.worker.ts", import.meta.url), {
      workerData: {
        dataDir,
        deploymentName,
        systemEnvironment,
        actionPorts,
      } satisfies ExecutorWorkerData,
      transferList: actionPorts,
      env: {},
    });
    return new Promise((resolve, reject) => {
      const toExecutor = new Channel<ToExecutor, FromExecutor>(executor, (message) => {
        if (message.type === "ready") resolve();
        if (message.type === "failed") {
          this.#closing = true;
          reject(new Error(message.message));
          void this.#terminate();
        } else this.#fromExecutor(message);
      });
      this.#threads = {
        executor,
        toExecutor,
        actions: {
          http: this.#spawnActions("http", http.port2),
          actions: this.#spawnActions("actions", actions.port2),
        },
      };
      this.#watchForDeath(executor, "The executor");
    });
  }

  #spawnActions(
    role: Role,
    executorPort: import("node:worker_threads").MessagePort,
  ): ActionsWorker {
    const worker = new Worker(new URL("./actions.worker.ts", import.meta.url), {
      workerData: { role, executorPort } satisfies ActionsWorkerData,
      transferList: [executorPort],
      env: {},
    });
    this.#watchForDeath(worker, `The worker for ${role === "http" ? "HTTP actions" : "actions"}`);
    return {
      worker,
      channel: new Channel<ToActions, FromActions>(worker, (message) =>
        this.#fromActions(role, message),
      ),
    };
  }

  #fromExecutor(message: FromExecutor): void {
    switch (message.type) {
      case "result":
        this.#settle(this.#runs, message.id, message.outcome);
        return;
      case "update":
        this.#ts = message.ts;
        this.#events.emit("update", {
          ts: message.ts,
          changed: new Map(message.changed),
        } satisfies WatchUpdate);
        return;
      case "ready":
        this.#ts = message.ts;
        for (const [id, query] of this.#watched)
          this.#threads?.toExecutor.post({ type: "watch", id, query });
        return;
      case "deployed":
        this.#deploy(message.deployment);
        return;
      case "controlResult": {
        const { error } = message;
        if (error === undefined) this.#settle(this.#controls, message.id, message.value);
        else
          this.#fail(this.#controls, message.id, new EngineError(error.code, error.message, 400));
        return;
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

  #fromActions(role: Role, message: FromActions): void {
    switch (message.type) {
      case "loaded":
        if (message.error !== undefined)
          this.#options.log(`Modules failed to load for ${role}: ${message.error}`);
        if (message.generation === this.#deployment?.generation) this.#loading.delete(role);
        if (this.#loading.size === 0) for (const resume of this.#whenLoaded.splice(0)) resume();
        return;
      case "actionResult":
        this.#settle(this.#runs, message.id, message.outcome);
        return;
      case "httpResult":
        this.#settle(this.#http, message.id, message.response);
        return;
      case "runAction":
        void this.#runAction(message.call, true).then(
          (outcome) =>
            this.#threads?.actions[role].channel.post({ type: "result", id: message.id, outcome }),
          () => undefined,
        );
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

  #runAction(call: FunctionCall, trusted: boolean): Promise<FunctionOutcome> {
    return this.#ask(this.#runs, (id, { actions }) =>
      actions.actions.channel.post({
        type: "action",
        id,
        call,
        trusted,
        identity: call.caller.identity,
      }),
    );
  }

  async #runScheduled(jobId: string, call: FunctionCall): Promise<void> {
    const outcome = await this.#runAction(call, true).catch((error: unknown): FunctionOutcome => ({
      ok: false,
      errorMessage: String(error),
      logLines: [],
    }));
    this.#threads?.toExecutor.post({ type: "scheduledActionDone", jobId, outcome });
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
    for (const [role, { channel }] of Object.entries(this.#threads?.actions ?? {})) {
      this.#loading.add(role as Role);
      channel.post({ type: "load", deployment });
    }
    this.#events.emit("deployed");
  }

  #loaded(): Promise<void> {
    if (this.#loading.size === 0) return Promise.resolve();
    return new Promise((resume) => this.#whenLoaded.push(resume));
  }

  #ask<T>(
    table: Map<number, Waiting<T>>,
    post: (id: number, threads: Threads) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#threads === null) {
        reject(new EngineError("ServiceUnavailable", "The backend is restarting. Try again."));
        return;
      }
      const id = this.#nextId++;
      table.set(id, { resolve, reject });
      post(id, this.#threads);
    });
  }

  #settle<T>(table: Map<number, Waiting<T>>, id: number, value: T): void {
    const waiting = table.get(id);
    table.delete(id);
    waiting?.resolve(value);
  }

  #fail<T>(table: Map<number, Waiting<T>>, id: number, error: Error): void {
    const waiting = table.get(id);
    table.delete(id);
    waiting?.reject(error);
  }

  #watchForDeath(worker: Worker, name: string): void {
    let reason = "";
    worker.on("error", (error) => (reason = `: ${String(error)}`));
    worker.on("exit", () => {
      if (this.#closing || this.#threads === null) return;
      this.#options.log(`${name} ended unexpectedly${reason}. Starting it again.`);
      void this.#restart();
    });
  }

  /** Nobody knows how far the dead thread's work had come: everyone who waits is told so, and may ask again. */
  async #restart(): Promise<void> {
    await this.#terminate();
    this.#rejectAll();
    await new Promise((resume) => setTimeout(resume, RESTART_DELAY_MS));
    if (this.#closing) return;
    try {
      await this.#spawn();
    } catch (error) {
      this.#options.log(`The backend cannot start again: ${String(error)}`);
    }
  }

  async #terminate(): Promise<void> {
    const threads = this.#threads;
    this.#threads = null;
    this.#loading.clear();
    if (threads === null) return;
    await Promise.all([
      threads.executor.terminate(),
      ...Object.values(threads.actions).map(({ worker }) => worker.terminate()),
    ]);
  }

  #rejectAll(): void {
    const error = new EngineError(
      "InternalServerError",
      "The function was interrupted by a restart of the backend.",
      500,
    );
    for (const table of [this.#runs, this.#http, this.#controls] as Map<
      number,
      Waiting<unknown>
    >[]) {
      for (const waiting of table.values()) waiting.reject(error);
      table.clear();
    }
  }

  #setLogging(enabled: boolean | null): void {
    if (enabled === null || this.#threads === null) return;
    this.#threads.toExecutor.post({ type: "log", enabled });
    for (const { channel } of Object.values(this.#threads.actions))
      channel.post({ type: "log", enabled });
  }

  #on<T>(event: string, listener: (value: T) => void): () => void {
    this.#events.on(event, listener);
    return () => this.#events.off(event, listener);
  }
}
