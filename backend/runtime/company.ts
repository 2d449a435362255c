/**
 * Lets calls of actions wait for each other for a moment, so that they share a commit. A commit has a price of its own: an
 * fsync, pages of the log, a message to every thread that waits for an answer.
 */

/** Groups begin no closer together than this, where somebody is likely to join. Far below what a caller over HTTP notices. */
const SPACING_MS = 10;
/** A caller that waits for each answer is alone for good: more and more of its calls, up to so many, go on without a trial. */
const MAX_UNTRIED = 32;

export class Company {
  #begunAt = -Infinity;
  /** Groups that go on at once, and how many it were after the last trial. */
  #untried = 0;
  #pause = 0;
  #leave: () => void = () => undefined;

  /** Resolves when the group may begin. `isPatient` tells whether all that wait may go on doing so. */
  async gather(waiting: { readonly length: number }, isPatient: boolean): Promise<void> {
    const waitMs = this.#begunAt + SPACING_MS - performance.now();
    if (isPatient && waitMs > 0 && !this.#isUntried()) {
      const before = waiting.length;
      await this.#wait(waitMs);
      this.#pause = waiting.length > before ? 0 : Math.min(MAX_UNTRIED, this.#pause * 2 + 1);
      this.#untried = this.#pause;
    }
    this.#begunAt = performance.now();
  }

  /** Somebody came who does not wait. */
  hurry(): void {
    this.#leave();
  }

  #isUntried(): boolean {
    if (this.#untried === 0) return false;
    this.#untried -= 1;
    return true;
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#leave = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#leave = () => undefined;
  }
}
