/** The long works of an administrator, together: exports, imports, backups. */
import type { Supervisor } from "../runtime/supervisor.ts";
import { Backups } from "./backup/backups.ts";
import type { DeployRoute } from "./route.ts";
import { Exports } from "./snapshots/exports.ts";
import { Imports } from "./snapshots/imports.ts";
import { snapshotRoutes } from "./snapshots/routes.ts";

export class AdminWork {
  readonly #exports: Exports;
  readonly #imports: Imports;
  readonly #backups: Backups;

  constructor(supervisor: Supervisor, dataDir: string) {
    this.#exports = new Exports(supervisor, dataDir);
    this.#imports = new Imports(supervisor, dataDir);
    this.#backups = new Backups(dataDir);
  }

  routes(): DeployRoute[] {
    return [...snapshotRoutes(this.#exports, this.#imports), ...this.#backups.routes()];
  }

  /** To be called once after a start: ends what the process before had begun. */
  async recover(): Promise<void> {
    this.#backups.recover();
    await Promise.all([this.#exports.recover(), this.#imports.recover()]);
  }
}
