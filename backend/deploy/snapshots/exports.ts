/**
 * `convex export`: requested, written to a file in the data folder by a thread of its own, watched, downloaded. One at a
 * time; the last one is kept for a day.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EngineError } from "../../runtime/engine.ts";
import type { Supervisor } from "../../runtime/supervisor.ts";
import { int64, removeLeftovers, tellState } from "./adminJobs.ts";
import type { ExportAnswer, ExportRequest } from "./export.worker.ts";
import { THREAD_ENVIRONMENT } from "../../runtime/threadEnvironment.ts";

const KEPT_MS = 24 * 3600 * 1000;

export class Exports {
  readonly #supervisor: Supervisor;
  readonly #dataDir: string;
  readonly #log: (line: string) => void;
  readonly #folder: string;
  #isRunning = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(supervisor: Supervisor, dataDir: string, log: (line: string) => void) {
    this.#log = log;
    this.#supervisor = supervisor;
    this.#dataDir = dataDir;
    this.#folder = join(dataDir, "exports");
  }

  /** Resolves when it has begun. Rejects while another one is being written. */
  async request(includeStorage: boolean): Promise<void> {
    if (this.#isRunning) {
      const text = "An export is already in progress: wait until it has finished.";
      throw new EngineError("ExportInProgress", text, 400);
    }
    this.#isRunning = true;
    await this.#tell({ state: "in_progress" }, includeStorage);
    void this.#run(includeStorage);
  }

  /** The file of a finished export. Throws EngineError 404. */
  file(ts: string): string {
    const path = join(this.#folder, `${ts}.zip`);
    if (/^\d+$/.test(ts) && existsSync(path)) return path;
    throw new EngineError("ExportNotFound", "There is no such export (any more).", 404);
  }

  /** After a start: what was being written has ended with the process before. */
  async recover(): Promise<void> {
    if (!existsSync(this.#folder)) return;
    this.#clean();
    await tellState(this.#supervisor, "export", { state: "failed" });
  }

  /** Never rejects: whatever goes wrong is told to who waits for the export, and ends nothing else. */
  async #run(includeStorage: boolean): Promise<void> {
    try {
      this.#clean();
      mkdirSync(this.#folder, { mode: 0o700 });
      const answer = await write({ dataDir: this.#dataDir, folder: this.#folder, includeStorage });
      if (!answer.ok) throw new Error(answer.message);
      const ts = int64(BigInt(answer.ts));
      const done = { state: "completed", start_ts: ts, complete_ts: ts, zip_object_key: answer.ts };
      await this.#tell(done, includeStorage);
      this.#expiry = setTimeout(() => this.#clean(), KEPT_MS);
      this.#expiry.unref();
    } catch (error) {
      this.#log(`The export failed: ${error instanceof Error ? error.message : String(error)}`);
      await this.#tell({ state: "failed" }, includeStorage);
      this.#clean();
    } finally {
      this.#isRunning = false;
    }
  }

  #clean(): void {
    clearTimeout(this.#expiry);
    removeLeftovers(this.#folder, this.#log);
  }

  #tell(state: Record<string, unknown>, includeStorage: boolean): Promise<void> {
    const format = { format: "zip", include_storage: includeStorage };
    return tellState(this.#supervisor, "export", { ...state, format, requestor: "snapshotExport" });
  }
}

function write(request: ExportRequest): Promise<ExportAnswer> {
  return new Promise((resolve) => {
    const url = new URL("./export.worker.ts", import.meta.url);
    const worker = new Worker(url, { workerData: request, env: THREAD_ENVIRONMENT });
    const finish = (answer: ExportAnswer) => {
      void worker.terminate();
      resolve(answer);
    };
    worker.once("message", finish);
    worker.once("error", (error) => finish({ ok: false, message: String(error) }));
    worker.once("exit", () => finish({ ok: false, message: "its thread ended" }));
  });
}
