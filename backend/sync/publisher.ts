/**
 * Takes the engine's updates and wakes the sessions that they concern: those with a changed result, and those that owe
 * their client a timestamp. Everything that happens in one turn of the event loop becomes one transition of a socket.
 */
import { type Engine } from "../runtime/engine.ts";
import { SharedWatches } from "./sharedWatches.ts";

export type Advancing = { advance(): void };

export class Publisher {
  readonly watches: SharedWatches;
  readonly #engine: Engine;
  readonly #stop: () => void;
  readonly #scheduled = new Set<Advancing>();
  /** Sessions that wait for a timestamp that has not been published yet. */
  readonly #waiting = new Map<Advancing, bigint>();
  #ts: bigint;
  #isArmed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.watches = new SharedWatches(engine);
    this.#ts = engine.currentTs();
    this.#stop = engine.onUpdate((update) => {
      if (update.ts > this.#ts) this.#ts = update.ts;
      this.watches.publish(update);
      for (const [session, ts] of this.#waiting) {
        if (ts > this.ts) continue;
        this.#waiting.delete(session);
        this.schedule(session);
      }
    });
  }

  /**
   * The timestamp at which all results that `watches` holds are true. Not simply the engine's: after a restart that one
   * is ahead of our results until everything has been run again.
   */
  get ts(): bigint {
    return this.watches.size === 0 ? this.latestTs : this.#ts;
  }

  /** The timestamp of the latest state that can be asked for. */
  get latestTs(): bigint {
    const ts = this.#engine.currentTs();
    return ts > this.#ts ? ts : this.#ts;
  }

  /** Has the session advance soon: after everything else of this turn, so that an answer goes out before its transition. */
  schedule(session: Advancing): void {
    this.#scheduled.add(session);
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#flush());
  }

  /** Has the session advance as soon as `ts` is published. */
  scheduleAt(session: Advancing, ts: bigint): void {
    if (ts <= this.ts) {
      this.schedule(session);
      return;
    }
    const earlier = this.#waiting.get(session);
    if (earlier === undefined || ts > earlier) this.#waiting.set(session, ts);
  }

  forget(session: Advancing): void {
    this.#scheduled.delete(session);
    this.#waiting.delete(session);
  }

  close(): void {
    this.#stop();
  }

  #flush(): void {
    this.#isArmed = false;
    const sessions = [...this.#scheduled];
    this.#scheduled.clear();
    for (const session of sessions) session.advance();
  }
}
