/** Brings watches up to date after each commit, no more often than their cost allows, and tells the main thread. */
import type { CommitClock } from "../store/clock.ts";
import type { TouchedKey } from "../store/documents.ts";
import type { WatchId } from "./engine.ts";
import type { FromExecutor } from "./messages.ts";
import type { Meters } from "./meters.ts";
import { Pacer } from "./pacer.ts";
import { Watches, type WatchQuery, type WatchRun } from "./watches.ts";

export type PublicationHooks = {
  clock: CommitClock;
  meters: Meters;
  /** Runs the query at the timestamp. Never rejects. */
  run: (query: WatchQuery, id: WatchId, ts: bigint) => Promise<WatchRun>;
  /** Makes an empty group run, which calls `publish`. */
  wake: () => void;
  send: (message: FromExecutor) => void;
};

const nothing = (): void => undefined;

export class Publications {
  readonly #hooks: PublicationHooks;
  readonly #watches = new Watches();
  readonly #pacer = new Pacer();
  #publishedTs = 0n;
  #timer: NodeJS.Timeout | undefined;

  constructor(hooks: PublicationHooks) {
    this.#hooks = hooks;
  }

  watch(id: WatchId, query: WatchQuery): void {
    this.#watches.add(id, query);
    this.#hooks.wake();
  }

  unwatch(id: WatchId): void {
    this.#watches.remove(id);
  }

  /** Code, environment or whole tables changed under the watches. */
  rerunAll(): void {
    this.#watches.touchAll();
  }

  hasRead(space: string): boolean {
    return this.#watches.hasRead(space);
  }

  /** Runs what has read any of these keys. Returns what tells it. */
  async publish(touched: TouchedKey[]): Promise<() => void> {
    const { clock, meters, run, send } = this.#hooks;
    this.#watches.touch(touched);
    const startedMs = performance.now();
    const waitMs = this.#pacer.waitMs(startedMs);
    if (waitMs > 0) {
      this.#timer ??= setTimeout(() => this.#publishLate(), waitMs);
      return nothing;
    }
    const ts = clock.last;
    const changed = this.#watches.hasWork
      ? await this.#watches.refresh((query, id) => run(query, id, ts))
      : [];
    this.#pacer.refreshed(startedMs, performance.now());
    meters.set("watches", this.#watches.size);
    if (changed.length === 0 && ts === this.#publishedTs) return nothing;
    this.#publishedTs = ts;
    return () => send({ type: "update", ts, changed });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #publishLate(): void {
    this.#timer = undefined;
    this.#hooks.wake();
  }
}
