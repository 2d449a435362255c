/** `npm run backup`: makes a backup file while everything goes on, and hands it out once. One at a time. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EngineError } from "../../runtime/engine.ts";
import type { DeployRoute } from "../route.ts";
import { noteBackup } from "./lastBackup.ts";
import type { BackupAnswer, BackupRequest } from "./backup.worker.ts";
import { THREAD_ENVIRONMENT } from "../../runtime/threadEnvironment.ts";

export class Backups {
  readonly #dataDir: string;
  readonly #folder: string;
  #isRunning = false;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#folder = join(dataDir, "backups");
  }

  /** Removes what a killed process left. */
  recover(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  routes(): DeployRoute[] {
    return [
      {
        method: "POST",
        path: "/api/embedded/backup",
        handler: async () => ({
          headers: { "content-type": "application/zip" },
          ...(await this.#make()),
        }),
      },
    ];
  }

  /** In a folder of its own: the one before may still be on its way. */
  async #make(): Promise<{ file: string; sent: () => void }> {
    if (this.#isRunning) {
      const text = "A backup is already being made: wait until it has finished.";
      throw new EngineError("BackupInProgress", text, 409);
    }
    this.#isRunning = true;
    const folder = join(this.#folder, randomUUID());
    const remove = () => {
      rmSync(folder, { recursive: true, force: true });
      if (existsSync(this.#folder) && readdirSync(this.#folder).length === 0) this.recover();
    };
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const target = join(folder, "backup.zip");
      const answer = await work({ dataDir: this.#dataDir, folder, target });
      if (!answer.ok)
        throw new EngineError("BackupFailed", `The backup failed: ${answer.message}.`, 500);
      noteBackup(this.#dataDir);
      return { file: target, sent: remove };
    } catch (error) {
      remove();
      throw error;
    } finally {
      this.#isRunning = false;
    }
  }
}

function work(request: BackupRequest): Promise<BackupAnswer> {
  return new Promise((resolve) => {
    const url = new URL("./backup.worker.ts", import.meta.url);
    const worker = new Worker(url, { workerData: request, env: THREAD_ENVIRONMENT });
    const finish = (answer: BackupAnswer) => {
      void worker.terminate();
      resolve(answer);
    };
    worker.once("message", finish);
    worker.once("error", (error) => finish({ ok: false, message: String(error) }));
    worker.once("exit", () => finish({ ok: false, message: "its thread ended" }));
  });
}
