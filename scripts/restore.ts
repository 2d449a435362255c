/** `npm run restore -- <file> [--force]`: brings a backup into the stopped installation. Composes, nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "./lib/settings.ts";

const root = resolve(import.meta.dirname, "..");
const here = process.env.INIT_CWD ?? process.cwd();

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: "boolean", default: false } },
  });
  const [file] = positionals;
  if (file === undefined) throw new Error("Use: npm run restore -- <file> [--force]");
  const { dataDir } = readSettings(root, process.env);
  const args = ["--data-dir", dataDir, "--from", resolve(here, file)];
  if (values.force) args.push("--force");
  const child = spawn(process.execPath, [join(root, "backend/restore.ts"), ...args], {
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
