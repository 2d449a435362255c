/**
 * The engine port in memory: documents are a map, functions are JavaScript, watches are run again after every commit.
 * For tests of sync/ and http/ only; it has no storage, no isolation and no validation.
 */
import { ConvexError, convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import {
  type AuthProvider,
  type Caller,
  type Engine,
  EngineError,
  type FunctionCall,
  type FunctionOutcome,
  type FunctionType,
  type HttpRequest,
  type HttpResponse,
  type LogEntry,
  type QueryOutcome,
  type RunRequest,
  type WatchId,
  type WatchUpdate,
} from "../../../backend/runtime/engine.ts";

export type FakeContext = {
  db: Map<string, Value>;
  caller: Caller;
  log: (line: string) => void;
  journal: string | null;
  setJournal: (journal: string) => void;
};
export type FakeFunction = {
  type: FunctionType;
  handler: (context: FakeContext, args: Record<string, Value>) => Value | Promise<Value>;
};

type Watch = { query: FunctionCall; journal: string | null; published: string | null };

export class FakeEngine implements Engine {
  readonly functions = new Map<string, FakeFunction>();
  readonly db = new Map<string, Value>();
  /** Everything that was run, in the order in which it was started. */
  readonly runs: RunRequest[] = [];
  readonly httpRequests: HttpRequest[] = [];
  /** How often each query function was executed for watches. */
  readonly executions = new Map<string, number>();
  readonly watches = new Map<WatchId, Watch>();
  providers: AuthProvider[] = [];
  httpHandler: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = () => ({
    status: 404,
    headers: [],
    body: Buffer.from("No matching routes found"),
  });
  /** Whether commits are announced before the caller of run() learns of them. */
  announcesFirst = false;
  #ts = 1_700_000_000_000_000_000n;
  #nextWatch = 1;
  #isHeld = false;
  #firstRunIsDue = false;
  readonly #updateListeners = new Set<(update: WatchUpdate) => void>();
  readonly #deploymentListeners = new Set<() => void>();
  readonly #logListeners = new Set<(entry: LogEntry) => void>();
  readonly #answered = new Map<string, FunctionOutcome>();
  #tail: Promise<unknown> = Promise.resolve();
  #announcing: Promise<void> = Promise.resolve();

  query(path: string, handler: FakeFunction["handler"]): this {
    return this.#define(path, { type: "query", handler });
  }
  mutation(path: string, handler: FakeFunction["handler"]): this {
    return this.#define(path, { type: "mutation", handler });
  }
  action(path: string, handler: FakeFunction["handler"]): this {
    return this.#define(path, { type: "action", handler });
  }

  run(request: RunRequest): Promise<FunctionOutcome> {
    this.runs.push(request);
    const type = this.functions.get(request.path)?.type ?? request.type;
    if (type === "action") return this.#runAction(request);
    const turn = this.#tail.then(() => this.#transact(request));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  watch(query: FunctionCall & { journal?: string | null }): WatchId {
    const id = this.#nextWatch++;
    this.watches.set(id, { query, journal: query.journal ?? null, published: null });
    this.#scheduleFirstRun();
    return id;
  }

  unwatch(id: WatchId): void {
    this.watches.delete(id);
  }

  onUpdate(listener: (update: WatchUpdate) => void): () => void {
    this.#updateListeners.add(listener);
    return () => this.#updateListeners.delete(listener);
  }

  currentTs(): bigint {
    return this.#ts;
  }

  async httpAction(request: HttpRequest): Promise<HttpResponse> {
    this.httpRequests.push(request);
    return this.httpHandler(request);
  }

  authProviders(): AuthProvider[] {
    return this.providers;
  }

  onDeploymentChange(listener: () => void): () => void {
    this.#deploymentListeners.add(listener);
    return () => this.#deploymentListeners.delete(listener);
  }

  onLog(listener: (entry: LogEntry) => void): () => void {
    this.#logListeners.add(listener);
    return () => this.#logListeners.delete(listener);
  }

  /** Writes as if a job of the server had, and announces it. */
  commit(write: (db: Map<string, Value>) => void): void {
    write(this.db);
    this.#ts += 1000n;
    void this.#announce();
  }

  /** The database is opened: it has commits that nobody was told of. */
  open(ts: bigint): void {
    this.#ts = ts;
  }

  deploymentChanged(): void {
    for (const listener of this.#deploymentListeners) listener();
  }

  /** Keeps updates back until release(). */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    void this.#announce();
  }

  #define(path: string, definition: FakeFunction): this {
    this.functions.set(path, definition);
    return this;
  }

  async #runAction(request: RunRequest): Promise<FunctionOutcome> {
    const outcome = await this.#call(request, null);
    return asFunctionOutcome(outcome, 0n);
  }

  async #transact(request: RunRequest): Promise<FunctionOutcome> {
    const { session } = request;
    const key = session ? `${session.sessionId} ${session.requestId}` : null;
    const known = key === null ? undefined : this.#answered.get(key);
    if (known) return known;
    const before = new Map(this.db);
    const outcome = await this.#call(request, null);
    const isMutation = this.functions.get(request.path)?.type === "mutation";
    if (!isMutation) return asFunctionOutcome(outcome, this.#ts);
    if (!outcome.ok) {
      this.db.clear();
      for (const [name, value] of before) this.db.set(name, value);
      return asFunctionOutcome(outcome, this.#ts);
    }
    this.#ts += 1000n;
    const answer = asFunctionOutcome(outcome, this.#ts);
    if (key !== null) this.#answered.set(key, answer);
    if (this.announcesFirst) await this.#announce();
    else setTimeout(() => void this.#announce(), 1);
    return answer;
  }

  async #call(call: FunctionCall, journal: string | null): Promise<QueryOutcome> {
    const definition = this.functions.get(call.path);
    const logLines: string[] = [];
    if (!definition) {
      const errorMessage = `Could not find function for '${call.path}'.`;
      return { ok: false, errorMessage, logLines, journal: null };
    }
    let newJournal: string | null = null;
    const context: FakeContext = {
      db: this.db,
      caller: call.caller,
      log: (line) => logLines.push(`[LOG] '${line}'`),
      journal,
      setJournal: (text) => {
        newJournal = text;
      },
    };
    try {
      const args = jsonToConvex(JSON.parse(call.args) as JSONValue) as Record<string, Value>;
      const value = await definition.handler(context, args);
      return {
        ok: true,
        value: JSON.stringify(convexToJson(value)),
        logLines,
        journal: newJournal,
      };
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const errorMessage = `[Request ID: 0123456789abcdef] Server Error\nUncaught ${String(error)}\n`;
      if (!(error instanceof ConvexError)) {
        return { ok: false, errorMessage, logLines, journal: null };
      }
      const errorData = JSON.stringify(convexToJson(error.data as Value));
      return { ok: false, errorMessage, errorData, logLines, journal: null };
    }
  }

  #scheduleFirstRun(): void {
    if (this.#firstRunIsDue) return;
    this.#firstRunIsDue = true;
    setTimeout(() => {
      this.#firstRunIsDue = false;
      void this.#announce();
    }, 1);
  }

  #announce(): Promise<void> {
    this.#announcing = this.#announcing.then(async () => {
      if (this.#isHeld) return;
      const update = await this.#runWatches();
      for (const listener of this.#updateListeners) listener(update);
    });
    return this.#announcing;
  }

  async #runWatches(): Promise<WatchUpdate> {
    const changed = new Map<WatchId, QueryOutcome>();
    for (const [id, watch] of [...this.watches]) {
      const { path } = watch.query;
      this.executions.set(path, (this.executions.get(path) ?? 0) + 1);
      const outcome = await this.#call(watch.query, watch.journal);
      const text = JSON.stringify(outcome);
      if (text === watch.published || !this.watches.has(id)) continue;
      watch.published = text;
      watch.journal = outcome.journal;
      changed.set(id, outcome);
    }
    return { ts: this.#ts, changed };
  }
}

function asFunctionOutcome(outcome: QueryOutcome, ts: bigint): FunctionOutcome {
  const { logLines } = outcome;
  if (outcome.ok) return { ok: true, value: outcome.value, ts, logLines };
  const { errorMessage, errorData } = outcome;
  return errorData === undefined
    ? { ok: false, errorMessage, logLines }
    : { ok: false, errorMessage, errorData, logLines };
}
