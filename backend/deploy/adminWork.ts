/** The long works of an administrator, together: exports, imports, backups. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Supervisor } from "../runtime/supervisor.ts";
import { Backups } from "./backup/backups.ts";
import type { DeployRoute } from "./route.ts";
import { Exports } from "./snapshots/exports.ts";
import { Imports } from "./snapshots/imports.ts";
import { snapshotRoutes } from "./snapshots/routes.ts";

export class AdminWork {
  readonly #dataDir: string;
  readonly #exports: Exports;
  readonly #imports: Imports;
  readonly #backups: Backups;

  constructor(supervisor: Supervisor, dataDir: string, log: (line: string) => void) {
    this.#dataDir = dataDir;
    this.#exports = new Exports(supervisor, dataDir, log);
    this.#imports = new Imports(supervisor, dataDir, log);
    this.#backups = new Backups(dataDir);
  }

  routes(): DeployRoute[] {
    return [...snapshotRoutes(this.#exports, this.#imports), ...this.#backups.routes()];
  }

  /** To be called once after a start: ends what the process before had begun. */
  async recover(): Promise<void> {
    this.#backups.recover();
    // Pushes unpack themselves into these, and remove them unless they are killed.
    for (const name of readdirSync(this.#dataDir))
      if (name.startsWith("analysis-"))
        rmSync(join(this.#dataDir, name), { recursive: true, force: true });
    await Promise.all([this.#exports.recover(), this.#imports.recover()]);
  }
}
