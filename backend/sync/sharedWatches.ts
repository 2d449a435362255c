/**
 * One engine watch for each different query, however many sockets look at it: counted by path, component, arguments,
 * identity and journal. Keeps the latest result of each as ready text. Knows nothing of sockets or versions.
 */
import {
  type Caller,
  type Engine,
  type QueryOutcome,
  type WatchId,
  type WatchUpdate,
} from "../runtime/engine.ts";
import { type ResultText, resultText } from "./serverMessages.ts";

export type WatchedQuery = {
  path: string;
  componentPath?: string;
  args: string;
  journal: string | null;
};

/** One socket's interest in one query. */
export type Subscription = {
  /** Null until the first result. */
  latest(): ResultText | null;
  /** The journal of the latest result, or the one that the query was asked with. */
  journal(): string | null;
  release(): void;
};

type Watch = {
  id: WatchId;
  key: string;
  result: ResultText | null;
  journal: string | null;
  listeners: Set<() => void>;
};

export class SharedWatches {
  readonly #engine: Engine;
  readonly #byKey = new Map<string, Watch>();
  readonly #byId = new Map<WatchId, Watch>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** How many engine watches are alive. */
  get size(): number {
    return this.#byId.size;
  }

  /** `onResult` is called, synchronously, for each result that comes after this call. */
  subscribe(query: WatchedQuery, caller: Caller, onResult: () => void): Subscription {
    const key = watchKey(query, caller);
    const watch = this.#byKey.get(key) ?? this.#start(key, query, caller);
    watch.listeners.add(onResult);
    return {
      latest: () => watch.result,
      journal: () => watch.journal,
      release: () => this.#release(watch, onResult),
    };
  }

  /** Takes over the results of one update. */
  publish(update: WatchUpdate): void {
    for (const [id, outcome] of update.changed) {
      const watch = this.#byId.get(id);
      if (watch) this.#deliver(watch, outcome);
    }
  }

  #start(key: string, query: WatchedQuery, caller: Caller): Watch {
    const id = this.#engine.watch({ ...query, caller });
    const watch = {
      id,
      key,
      result: null,
      journal: query.journal,
      listeners: new Set<() => void>(),
    };
    this.#byKey.set(key, watch);
    this.#byId.set(id, watch);
    return watch;
  }

  #deliver(watch: Watch, outcome: QueryOutcome): void {
    watch.result = resultText(outcome);
    // A page that was pinned by its journal grows with what is inserted: newcomers without a journal get their own.
    if (outcome.journal !== watch.journal) this.#unlist(watch);
    watch.journal = outcome.journal;
    for (const listener of watch.listeners) listener();
  }

  #release(watch: Watch, onResult: () => void): void {
    watch.listeners.delete(onResult);
    if (watch.listeners.size > 0 || !this.#byId.delete(watch.id)) return;
    this.#unlist(watch);
    this.#engine.unwatch(watch.id);
  }

  #unlist(watch: Watch): void {
    if (this.#byKey.get(watch.key) === watch) this.#byKey.delete(watch.key);
  }
}

const watchKey = ({ path, componentPath, args, journal }: WatchedQuery, caller: Caller): string =>
  JSON.stringify([path, componentPath ?? "", args, journal, caller.kind, caller.identity]);
