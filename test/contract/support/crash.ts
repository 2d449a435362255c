/** Clients that keep writing while the backend is killed under them, and what must hold afterwards. */
import { ConvexClient } from "convex/browser";
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Deployed } from "./backendImplementation.ts";

/** A client that makes numbered entries without waiting for the answers. */
export class Writer {
  readonly acknowledged: number[] = [];
  readonly failures: string[] = [];
  readonly #client: ConvexClient;
  readonly #name: string;
  readonly #pending: Promise<void>[] = [];
  #sent = 0;

  constructor(url: string, name: string) {
    this.#client = new ConvexClient(url, { unsavedChangesWarning: false, logger: false });
    this.#name = name;
  }

  get inFlight(): number {
    return this.#sent - this.acknowledged.length - this.failures.length;
  }

  send(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const sequence = this.#sent;
      this.#sent += 1;
      const sent = this.#client.mutation(api.entries.add, { writer: this.#name, sequence });
      this.#pending.push(
        sent.then(
          (answer) => void this.acknowledged.push(answer),
          (error: Error) => void this.failures.push(error.message),
        ),
      );
    }
  }

  /** Resolves once everything that was sent has been answered. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Everything sent was acknowledged in order, and is in the table exactly once and in order. */
  async expectExactlyOnce(deployed: Deployed): Promise<void> {
    const sent = Array.from({ length: this.#sent }, (_, sequence) => sequence);
    expect(this.failures).toEqual([]);
    expect(this.acknowledged).toEqual(sent);
    const stored = await deployed.session.query(api.entries.of, { writer: this.#name });
    expect(stored).toEqual(sent);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
