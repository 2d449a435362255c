/** A machine that beats over HTTP, one beat after the other, and remembers which were answered. */
const BEAT_EVERY_MS = 20;

export class Pulse {
  answered = 0;
  /** What the latest answer said. */
  latestCount = 0;
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #beating: Promise<void>;
  #stopped = false;

  constructor(url: string) {
    this.#url = url;
    this.#beating = this.#beat();
  }

  /** Resolves when a beat has been answered. */
  async once(): Promise<void> {
    while (this.answered === 0) await new Promise((resolve) => setTimeout(resolve, BEAT_EVERY_MS));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#beating;
  }

  async #beat(): Promise<void> {
    while (!this.#stopped) {
      try {
        const response = await fetch(this.#url, { method: "POST" });
        const text = await response.text();
        if (!response.ok) throw new Error(`${response.status} ${text}`);
        this.answered += 1;
        this.latestCount = (JSON.parse(text) as { count: number }).count;
      } catch (error) {
        this.failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, BEAT_EVERY_MS));
    }
  }
}
