/** When the last backup was handed out: an empty file in the data folder remembers it by its time. */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "lastBackup";

export function noteBackup(dataDir: string): void {
  writeFileSync(join(dataDir, NAME), "", { mode: 0o600 });
}

/** Null: none so far. */
export function lastBackupAt(dataDir: string): Date | null {
  return statSync(join(dataDir, NAME), { throwIfNoEntry: false })?.mtime ?? null;
}
