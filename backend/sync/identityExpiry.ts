/** Tells when an identity has expired, also when that is further away than a timer reaches. */

/** The longest delay of setTimeout: longer ones fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export class IdentityExpiry {
  readonly #now: () => number;
  readonly #onExpired: () => void;
  #expiresAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, onExpired: () => void) {
    this.#now = now;
    this.#onExpired = onExpired;
  }

  /** `expiresAt` in ms since the epoch, null for never. Replaces what was set before. */
  set(expiresAt: number | null): void {
    this.clear();
    this.#expiresAt = expiresAt;
    if (expiresAt === null) return;
    const delayMs = Math.min(Math.max(expiresAt - this.#now(), 0), MAX_DELAY_MS);
    this.#timer = setTimeout(() => {
      if (!this.check()) this.set(expiresAt);
    }, delayMs);
    this.#timer.unref();
  }

  /** Announces and returns true if the identity has expired by now. */
  check(): boolean {
    if (this.#expiresAt === null || this.#now() < this.#expiresAt) return false;
    this.#onExpired();
    return true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#expiresAt = null;
  }
}
