/**
 * Queries that someone watches. Equal queries of any number of sockets are one entry, run once; an entry runs again only
 * when a commit touched a key in an interval that it has read.
 */
import type { TouchedKey } from "../store/documents.ts";
import type { FunctionCall, QueryOutcome, Usage, WatchId } from "./engine.ts";
import { IntervalIndex } from "./intervals.ts";
import type { ReadSet } from "./readSet.ts";

export type WatchQuery = FunctionCall & { journal?: string | null };
export type WatchRun = {
  outcome: QueryOutcome;
  reads: ReadSet;
  identityRead: boolean;
  /** Not of what is no function of the app. */
  usage?: Usage;
};

type Entry = {
  key: string;
  query: WatchQuery;
  watchers: Set<WatchId>;
  outcome: QueryOutcome | null;
};

export class Watches {
  readonly #entries = new Map<string, Entry>();
  readonly #byWatch = new Map<WatchId, Entry>();
  readonly #intervals = new IntervalIndex<Entry>();
  /** Entries without a current result. */
  readonly #stale = new Set<Entry>();
  /** Watchers that joined an entry whose result is known: they still wait for their first. */
  readonly #joined = new Set<WatchId>();

  /** A second time without effect: while a thread starts, the main thread may not know that it has said it already. */
  add(id: WatchId, query: WatchQuery): void {
    if (this.#byWatch.has(id)) return;
    const key = keyOf(query);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { key, query, watchers: new Set(), outcome: null };
      this.#entries.set(key, entry);
      this.#stale.add(entry);
    } else {
      this.#joined.add(id);
    }
    entry.watchers.add(id);
    this.#byWatch.set(id, entry);
  }

  remove(id: WatchId): void {
    const entry = this.#byWatch.get(id);
    if (entry === undefined) return;
    this.#byWatch.delete(id);
    this.#joined.delete(id);
    entry.watchers.delete(id);
    if (entry.watchers.size > 0) return;
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
    this.#stale.delete(entry);
    this.#intervals.delete(entry);
  }

  /** Whether any watch has read keys of this space. Changes only between groups, when watches are refreshed. */
  hasRead(space: string): boolean {
    return this.#intervals.has(space);
  }

  /** Marks what has read any of these keys. */
  touch(touched: Iterable<TouchedKey>): void {
    for (const { space, key } of touched) this.#intervals.collect(space, key, this.#stale);
  }

  /** Everything runs again: code or environment changed. */
  touchAll(): void {
    for (const entry of this.#byWatch.values()) this.#stale.add(entry);
  }

  /** Different queries that are watched. */
  get size(): number {
    return this.#entries.size;
  }

  get hasWork(): boolean {
    return this.#stale.size > 0 || this.#joined.size > 0;
  }

  /** Runs what is stale and tells which watchers have something new. */
  async refresh(
    run: (query: WatchQuery, watcher: WatchId) => Promise<WatchRun>,
  ): Promise<[WatchId, QueryOutcome][]> {
    const changed: [WatchId, QueryOutcome][] = [];
    for (const id of this.#joined) {
      const entry = this.#byWatch.get(id);
      if (entry === undefined || entry.outcome === null || this.#stale.has(entry)) continue;
      changed.push([id, entry.outcome]);
      this.#joined.delete(id);
    }
    const stale = [...this.#stale];
    this.#stale.clear();
    for (const entry of stale) {
      const before = entry.outcome;
      const { outcome, reads } = await run(withJournal(entry), [...entry.watchers][0] ?? 0);
      if (entry.watchers.size === 0) continue;
      entry.outcome = outcome;
      // From now on this page ends where it ended first. Who asks for a first page of its own gets another entry.
      if (
        outcome.journal !== (entry.query.journal ?? null) &&
        this.#entries.get(entry.key) === entry
      ) {
        this.#entries.delete(entry.key);
      }
      this.#intervals.set(entry, reads);
      const same = before !== null && sameOutcome(before, outcome);
      for (const id of entry.watchers) {
        const hasJoined = this.#joined.delete(id);
        if (!same || hasJoined) changed.push([id, outcome]);
      }
    }
    return changed;
  }
}

/** A page ends where its first run ended, until the client asks anew. */
function withJournal(entry: Entry): WatchQuery {
  const journal = entry.outcome?.journal ?? entry.query.journal ?? null;
  return { ...entry.query, journal };
}

function keyOf(query: WatchQuery): string {
  return JSON.stringify([
    query.path,
    query.componentPath ?? "",
    query.args,
    query.caller,
    query.journal ?? null,
  ]);
}

function sameOutcome(a: QueryOutcome, b: QueryOutcome): boolean {
  if (a.ok !== b.ok || a.logLines.join("\n") !== b.logLines.join("\n")) return false;
  if (a.ok && b.ok) return a.value === b.value && a.journal === b.journal;
  if (a.ok || b.ok) return false;
  return (
    withoutRequestId(a.errorMessage) === withoutRequestId(b.errorMessage) &&
    a.errorData === b.errorData
  );
}

function withoutRequestId(message: string): string {
  return message.replace(/^\[Request ID: [0-9a-f]+\] /, "");
}
