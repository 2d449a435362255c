/** One hash over files and settings, to see whether work that depends on them must be done again. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Paths are relative to `root`; folders are read with all that is in them; what does not exist counts as absent. */
export function fingerprint(root: string, paths: string[], settings: unknown = null): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const path of paths.flatMap((entry) => filesUnder(root, entry)).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

function filesUnder(root: string, path: string): string[] {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute).flatMap((name) => filesUnder(root, join(path, name)));
}
