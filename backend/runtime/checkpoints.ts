/**
 * Moves the log into the file. Copying and syncing thousands of pages takes 50 to 250 ms, in which nobody would be served: so
 * a thread of its own does most of it, and the executor only what was committed meanwhile, after which the log begins anew.
 */
import { Worker } from "node:worker_threads";
import type { Sqlite } from "../store/sqlite.ts";
import type { CheckpointData } from "./checkpoint.worker.ts";
import { THREAD_ENVIRONMENT } from "./threadEnvironment.ts";

/** Rows; about half as many pages. */
const EVERY_CHANGES = 8_000;

export class Checkpoints {
  readonly #sqlite: Sqlite;
  readonly #worker: Worker;
  #state: "idle" | "moving" | "moved" = "idle";
  #changesBefore = 0;

  /** `path` is the file of `sqlite`. */
  constructor(sqlite: Sqlite, path: string) {
    this.#sqlite = sqlite;
    this.#worker = new Worker(new URL("./checkpoint.worker.ts", import.meta.url), {
      workerData: { path } satisfies CheckpointData,
      env: THREAD_ENVIRONMENT,
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
    });
    this.#worker.on("message", () => (this.#state = "moved"));
    // Without it SQLite does the same by itself, later and in the way of others.
    this.#worker.on("error", (error) => {
      this.#state = "moving";
      process.stderr.write(`The thread for checkpoints ended: ${String(error)}\n`);
    });
    this.#worker.unref();
  }

  /** To be called after a commit, while no transaction is open. */
  committed(): void {
    if (this.#state === "moving") return;
    if (this.#state === "moved") {
      this.#state = "idle";
      this.#sqlite.checkpoint();
    }
    const changes = this.#sqlite.changes();
    if (changes - this.#changesBefore < EVERY_CHANGES) return;
    this.#changesBefore = changes;
    this.#state = "moving";
    this.#worker.postMessage("move");
  }

  async close(): Promise<void> {
    this.#state = "moving";
    await this.#worker.terminate();
  }
}
