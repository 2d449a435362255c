/**
 * The executor: owns the database and everything that runs in transactions. Lives in one worker thread; knows its world
 * only through messages in and `send` out. executor.worker.ts connects it to the thread.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Catalog } from "../store/catalog.ts";
import { CommitClock } from "../store/clock.ts";
import { Database } from "../store/database.ts";
import { reloadStore, Documents, type Store, type TouchedKey } from "../store/documents.ts";
import { FileContents } from "../store/fileContents.ts";
import { fileNamed } from "../store/fileNames.ts";
import { builtinUnit } from "./builtins.ts";
import { Checkpoints } from "./checkpoints.ts";
import { control } from "./control.ts";
import { completionEntry, type CompletionReport } from "./completions.ts";
import { DeployedCode } from "./deployedCode.ts";
import type { FunctionOutcome, WatchId } from "./engine.ts";
import { describeFailure, failedOutcome } from "./errors.ts";
import { FileCollector } from "./fileCollector.ts";
import { FunctionRunner, type FunctionRunnerOptions } from "./functionRunner.ts";
import { newRequestId } from "./requestId.ts";
import { installGlobals } from "./globals.ts";
import { Imports } from "./imports.ts";
import type { Deployment, FromExecutor, InternalRunRequest, ToExecutor } from "./messages.ts";
import type { LoadedPackage } from "./modules.ts";
import type { Meters } from "./meters.ts";
import { Publications } from "./publications.ts";
import { CursorCodec } from "./query/cursor.ts";
import { ReadSet } from "./readSet.ts";
import { Retention } from "./retention.ts";
import type { RunLabel, RunMarker } from "./runMarker.ts";
import { Scheduler } from "./scheduler.ts";
import { runSystemQuery } from "./systemQueries.ts";
import { transactionSyscalls } from "./syscalls/dispatch.ts";
import { exclusiveUnit, requestUnit, type UnitTools } from "./units.ts";
import { UnitQueue } from "./unitQueue.ts";
import { UploadTokens } from "./uploadTokens.ts";
import type { WatchQuery, WatchRun } from "./watches.ts";

export type ExecutorOptions = {
  dataDir: string;
  deploymentName: string;
  /** CONVEX_CLOUD_URL and CONVEX_SITE_URL, which every function sees. */
  systemEnvironment: Record<string, string>;
  nowMs: () => number;
  /** Jobs and crons that killed an executor before this one. */
  poisonedJobs: RunLabel[];
  marker: RunMarker;
  meters: Meters;
  send: (message: FromExecutor) => void;
  /** Takes in messages that have arrived meanwhile. */
  poll: () => void;
  closed: () => void;
};

function runnerOptions(
  store: Store,
  contents: FileContents,
  instanceSecret: string,
  { deploymentName, systemEnvironment, marker }: ExecutorOptions,
): FunctionRunnerOptions {
  return {
    ...{ store, deploymentName, marker },
    cursors: new CursorCodec(instanceSecret),
    files: {
      contents,
      tokens: new UploadTokens(instanceSecret),
      cloudOrigin: systemEnvironment["CONVEX_CLOUD_URL"] ?? "",
    },
  };
}

function endThread(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

export class Executor {
  readonly #options: ExecutorOptions;
  readonly store: Store;
  readonly clock: CommitClock;
  readonly runner: FunctionRunner;
  readonly imports: Imports;
  readonly #queue: UnitQueue;
  readonly #code: DeployedCode;
  readonly #publications: Publications;
  readonly #scheduler: Scheduler;
  readonly #retention: Retention;
  readonly #collector: FileCollector;
  readonly #checkpoints: Checkpoints;
  readonly #tools: UnitTools;
  #logEnabled = false;

  /** Opens everything; `send`s ready with the deployment. */
  static async open(options: ExecutorOptions): Promise<Executor> {
    const database = new Database(join(options.dataDir, "rows.sqlite"));
    try {
      return await Executor.#openOver(database, options);
    } catch (error) {
      throw database.explain(error);
    }
  }

  static async #openOver(database: Database, options: ExecutorOptions): Promise<Executor> {
    const store: Store = {
      database,
      catalog: new Catalog(database),
      documents: new Documents(database),
    };
    if (database.setting("instanceSecret") === null) {
      database.setSetting("instanceSecret", randomBytes(32).toString("hex"));
    }
    Imports.clean(store);
    const executor = new Executor(options, store);
    installGlobals(transactionSyscalls(executor.runner));
    await executor.reload();
    executor.#code.stored();
    executor.#scheduler.start(options.poisonedJobs);
    executor.#retention.start();
    executor.#collector.start();
    options.send({ type: "ready", deployment: executor.deployment, ts: executor.clock.last });
    return executor;
  }

  private constructor(options: ExecutorOptions, store: Store) {
    this.#options = options;
    this.store = store;
    store.documents.isWatched = (space) => this.#publications.hasRead(space);
    this.clock = new CommitClock(store.database, options.nowMs);
    this.imports = new Imports(this);
    const contents = FileContents.of(options.dataDir);
    const instanceSecret = store.database.setting("instanceSecret") ?? "";
    this.#code = new DeployedCode({
      ...{ database: store.database, instanceSecret, marker: options.marker },
      modulesRoot: join(options.dataDir, "modules"),
      filesDirectory: contents.directory,
      systemEnvironment: options.systemEnvironment,
      loaded: (code, deployment) => this.#use(code, deployment),
    });
    this.runner = new FunctionRunner(runnerOptions(store, contents, instanceSecret, options));
    this.#tools = {
      store,
      clock: this.clock,
      runner: this.runner,
      completed: (report) => this.#log(report),
      scheduled: () => this.#scheduler.arm(),
    };
    const hooks = {
      beforeCommit: () => this.clock.persist(),
      afterGroup: (touched: TouchedKey[]) => this.#committed(touched),
      afterLoss: () => this.#undo(),
      poll: options.poll,
      failed: endThread,
    };
    this.#queue = new UnitQueue(store.database.sqlite, hooks, options.meters);
    this.#publications = new Publications({
      ...{ clock: this.clock, meters: options.meters, send: options.send },
      run: (query, id, ts) => this.#runWatched(query, id, ts),
      wake: () => this.#queue.wake(),
    });
    this.#collector = new FileCollector({
      contents,
      nowMs: options.nowMs,
      unnamed: (names) => this.#unnamedFiles(names),
      log: (line) => process.stderr.write(`${line}\n`),
    });
    this.#checkpoints = new Checkpoints(store.database.sqlite, store.database.path);
    this.#retention = new Retention(this.#tools, this.#queue);
    this.#scheduler = new Scheduler(this.#tools, this.#queue, {
      nowMs: options.nowMs,
      runAction: (jobId, call) => options.send({ type: "runScheduledAction", jobId, call }),
    });
  }

  /** A group was lost: memory goes back to what is on disk. */
  #undo(): void {
    if (!this.#code.isStored) throw new Error("new code could not be stored");
    reloadStore(this.store);
    this.clock.undo();
  }

  receive(message: ToExecutor): void {
    switch (message.type) {
      case "run":
        this.run(message.request, `run ${message.id}`, (outcome) =>
          this.#options.send({ type: "result", id: message.id, outcome }),
        );
        return;
      case "watch":
        this.#publications.watch(message.id, message.query);
        return;
      case "unwatch":
        this.#publications.unwatch(message.id);
        return;
      case "control":
        this.#control(message);
        return;
      case "scheduledActionDone":
        this.#scheduler.actionDone(message.jobId, message.outcome);
        return;
      case "log":
        this.#logEnabled = message.enabled;
        return;
      case "ping":
        this.#options.send({ type: "pong" });
        return;
      case "actionPort":
        throw new Error("Ports are taken by the worker itself.");
      case "close":
        this.#close();
        return;
      default:
        throw new Error(
          `Unknown message to the executor: ${JSON.stringify(message satisfies never)}`,
        );
    }
  }

  run(
    request: InternalRunRequest,
    label: RunLabel,
    reply: (outcome: FunctionOutcome) => void,
  ): void {
    if (request.path.startsWith("_system/")) this.#runSystem(request, reply);
    else if (request.trusted === true && request.path.startsWith("_builtin/")) {
      this.#queue.add(builtinUnit(this.#tools, request, reply));
    } else this.#queue.add(requestUnit(this.#tools, request, label, reply));
  }

  /** Loads what is deployed into fresh modules and tells the others where it lies. */
  reload(): Promise<void> {
    return this.#code.reload();
  }

  #use(code: LoadedPackage, deployment: Deployment): void {
    this.runner.use(code);
    this.#publications.rerunAll();
    this.#scheduler.arm();
    this.#options.send({ type: "deployed", deployment });
  }

  /** Tables were replaced under the watches. */
  rerunWatches(): void {
    this.#publications.rerunAll();
  }

  get deployment(): Deployment {
    return this.#code.deployment;
  }

  #committed(touched: TouchedKey[]): Promise<() => void> {
    this.#code.stored();
    this.#checkpoints.committed();
    return this.#publications.publish(touched);
  }

  async #runWatched(query: WatchQuery, id: WatchId, ts: bigint): Promise<WatchRun> {
    this.#options.meters.add("watchRuns");
    try {
      if (query.path.startsWith("_system/")) return runSystemQuery(this, query);
      const found = this.runner.find(query, false);
      if (found.fn.type !== "query")
        throw new Error(`${found.path} is a ${found.fn.type}, not a query.`);
      return await this.runner.runQuery(found, query, ts, `watch ${id}`);
    } catch (thrown) {
      const outcome = failedOutcome(newRequestId(), describeFailure(thrown), []);
      return {
        outcome: { ...(outcome as FunctionOutcome & { ok: false }), journal: null },
        reads: new ReadSet(),
        identityRead: false,
      };
    }
  }

  #runSystem(request: InternalRunRequest, reply: (outcome: FunctionOutcome) => void): void {
    const ts = this.clock.last;
    this.#queue.add(
      exclusiveUnit(
        () => runSystemQuery(this, request).outcome,
        (outcome) => reply(outcome.ok ? { ...outcome, ts } : outcome),
        (error) => reply(failedOutcome(newRequestId(), describeFailure(error), [])),
      ),
    );
  }

  #control(message: ToExecutor & { type: "control" }): void {
    const { send } = this.#options;
    this.#queue.add(
      exclusiveUnit(
        (group) =>
          this.#options.marker.during("control", () => control(this, group, message.control)),
        (value) => send({ type: "controlResult", id: message.id, value }),
        (error) => {
          const code = (error as Error & { code?: string }).code ?? error.name;
          send({ type: "controlResult", id: message.id, error: { code, message: error.message } });
        },
      ),
    );
  }

  /** Answers only after the commit of what it stands behind, so that no deletion is believed that could be undone. */
  #unnamedFiles(names: string[]): Promise<string[]> {
    const unnamed = () => names.filter((name) => fileNamed(this.store.database, name) === null);
    return new Promise((resolve, reject) =>
      this.#queue.add(exclusiveUnit(unnamed, resolve, reject)),
    );
  }

  #log(report: CompletionReport): void {
    const { outcome } = report;
    const { meters } = this.#options;
    meters.add(report.type === "Query" ? "queries" : "mutations");
    if (!outcome.ok) meters.add(report.type === "Query" ? "queryFailures" : "mutationFailures");
    if (!this.#logEnabled && outcome.ok && outcome.logLines.length === 0) return;
    const entry = completionEntry(report, this.#options.nowMs());
    this.#options.send({ type: "logEntry", entry });
  }

  #close(): void {
    this.#scheduler.stop();
    this.#retention.stop();
    this.#publications.stop();
    this.#collector.stop();
    this.#queue.add(
      exclusiveUnit<void>(
        () => this.#checkpoints.close(),
        () => {
          this.store.database.close();
          this.#options.send({ type: "closed" });
          this.#options.closed();
        },
        () => this.#options.closed(),
      ),
    );
  }
}
