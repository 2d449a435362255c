/**
 * The queries of one socket: which have a result that the client has not, and whether all have one at all. Versions and
 * frames are the session's business.
 */
import { type Caller } from "../runtime/engine.ts";
import { type AddQuery, type ModifyQuerySet, ProtocolError } from "./clientMessages.ts";
import { queryModification, queryRemoved, type ResultText } from "./serverMessages.ts";
import { type SharedWatches, type Subscription, type WatchedQuery } from "./sharedWatches.ts";

type Entry = { query: WatchedQuery; subscription: Subscription; sent: ResultText | null };

export class QuerySet {
  readonly #watches: SharedWatches;
  readonly #maxQueries: number;
  readonly #onReady: () => void;
  readonly #entries = new Map<number, Entry>();
  /** Queries without a first result. No transition may be sent while there are any. */
  readonly #waiting = new Set<number>();
  readonly #changed = new Set<number>();
  #removed: number[] = [];

  /** `onReady` is called when something changed and no first result is missing. */
  constructor(watches: SharedWatches, maxQueries: number, onReady: () => void) {
    this.#watches = watches;
    this.#maxQueries = maxQueries;
    this.#onReady = onReady;
  }

  get isComplete(): boolean {
    return this.#waiting.size === 0;
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#removed.length > 0;
  }

  /** Throws ProtocolError if a query is added twice, an unknown one removed, or the set grows too large. */
  modify(modifications: ModifyQuerySet["modifications"], caller: Caller): void {
    for (const modification of modifications) {
      switch (modification.type) {
        case "Add":
          this.#add(modification, caller);
          break;
        case "Remove":
          this.#remove(modification.queryId);
          break;
        default:
          modification satisfies never;
      }
    }
  }

  /** Watches everything again as another caller. Queries that others already watch so have their result at once. */
  changeCaller(caller: Caller): void {
    for (const [queryId, entry] of this.#entries) {
      const query = { ...entry.query, journal: entry.subscription.journal() };
      const subscription = this.#subscribe(queryId, query, caller);
      // Only now, so that a watch that serves both callers is not stopped and started.
      entry.subscription.release();
      entry.subscription = subscription;
      this.#note(queryId, entry);
    }
  }

  /** The modifications that bring the client up to date, to be called only if the set is complete. */
  takeModifications(): string[] {
    const modifications = this.#removed.map(queryRemoved);
    this.#removed = [];
    for (const queryId of this.#changed) {
      const entry = this.#entries.get(queryId);
      const result = entry?.subscription.latest() ?? null;
      if (entry === undefined || result === null || result === entry.sent) continue;
      entry.sent = result;
      modifications.push(queryModification(queryId, result));
    }
    this.#changed.clear();
    return modifications;
  }

  close(): void {
    for (const { subscription } of this.#entries.values()) subscription.release();
    this.#entries.clear();
    this.#waiting.clear();
    this.#changed.clear();
  }

  #add({ queryId, udfPath, componentPath, args, journal }: AddQuery, caller: Caller): void {
    if (this.#entries.has(queryId)) throw new ProtocolError(`Query ${queryId} was added twice.`);
    if (this.#entries.size >= this.#maxQueries) {
      throw new ProtocolError(`A client may watch at most ${this.#maxQueries} queries.`);
    }
    const query: WatchedQuery = {
      path: udfPath,
      args,
      journal: journal ?? null,
      ...(componentPath ? { componentPath } : {}),
    };
    const entry = { query, subscription: this.#subscribe(queryId, query, caller), sent: null };
    this.#entries.set(queryId, entry);
    this.#note(queryId, entry);
  }

  #subscribe(queryId: number, query: WatchedQuery, caller: Caller): Subscription {
    return this.#watches.subscribe(query, caller, () => {
      this.#waiting.delete(queryId);
      this.#changed.add(queryId);
      if (this.isComplete) this.#onReady();
    });
  }

  #note(queryId: number, entry: Entry): void {
    if (entry.subscription.latest() === null) this.#waiting.add(queryId);
    else {
      this.#waiting.delete(queryId);
      this.#changed.add(queryId);
    }
  }

  #remove(queryId: number): void {
    const entry = this.#entries.get(queryId);
    if (!entry) throw new ProtocolError(`Query ${queryId} was removed but is not in the set.`);
    entry.subscription.release();
    this.#entries.delete(queryId);
    this.#waiting.delete(queryId);
    this.#changed.delete(queryId);
    this.#removed.push(queryId);
  }
}
