/** `node backend/restore.ts --data-dir D --from F [--force]`: brings a backup into a stopped installation. Composes. */
import { parseArgs } from "node:util";
import { prepareDataDir } from "./dataDir.ts";
import { restoreBackup } from "./deploy/backup/restore.ts";
import { lockDataDir } from "./store/dataLock.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string" },
      from: { type: "string" },
      force: { type: "boolean", default: false },
    },
  });
  const { "data-dir": path, from, force } = values;
  if (path === undefined || from === undefined)
    throw new Error("Use: node backend/restore.ts --data-dir <folder> --from <backup> [--force]");
  const dataDir = prepareDataDir(path);
  lockDataDir(dataDir);
  const { madeAt, files } = await restoreBackup({ dataDir, from, force, nowMs: Date.now() });
  process.stdout.write(`Restored the backup of ${madeAt} (${files} files) into ${dataDir}.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
