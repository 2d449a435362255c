/** Which threads can be used. Whoever needs one that is being started again waits for it, for a while. */
import { EngineError } from "./engine.ts";

type Waiting<Name> = { names: readonly Name[]; resume: (error?: Error) => void };

/** Longer than a restart takes, shorter than clients wait for an answer. */
const LIMIT_MS = 20_000;
const { setTimeout: after, clearTimeout } = globalThis;

export class Readiness<Name extends string> {
  readonly #missing: Set<Name>;
  #waiting: Waiting<Name>[] = [];

  /** `names` are missing at first. */
  constructor(names: readonly Name[]) {
    this.#missing = new Set(names);
  }

  has(name: Name): boolean {
    return !this.#missing.has(name);
  }

  lost(name: Name): void {
    this.#missing.add(name);
  }

  ready(name: Name): void {
    this.#missing.delete(name);
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((one) => !this.#hasAll(one.names));
    for (const one of waiting) if (this.#hasAll(one.names)) one.resume();
  }

  /** Resolves when all of them can be used. Rejects with an EngineError that says to try again if that takes too long. */
  wait(names: readonly Name[], limitMs = LIMIT_MS): Promise<void> {
    if (this.#hasAll(names)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const tooLong = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        waiting.resume(unavailable());
      };
      const timer = limitMs === Infinity ? undefined : after(tooLong, limitMs);
      const waiting: Waiting<Name> = {
        names,
        resume: (error) => {
          clearTimeout(timer);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#waiting.push(waiting);
    });
  }

  /** Nobody will come back: ends all waiting. */
  giveUp(): void {
    for (const waiting of this.#waiting.splice(0)) waiting.resume(unavailable());
  }

  #hasAll(names: readonly Name[]): boolean {
    return !names.some((name) => this.#missing.has(name));
  }
}

export const unavailable = (): EngineError =>
  new EngineError("ServiceUnavailable", "The backend is restarting. Try again.");
