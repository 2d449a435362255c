/** Writes the deployed modules to a fresh folder, since Node imports files. The database stays the only source of truth. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readModule, type PackageManifest } from "../store/deployment.ts";
import type { Database } from "../store/database.ts";

/** Returns the folder. Definition number N of the manifest lies in its subfolder N. */
export function materialize(
  database: Database,
  manifest: PackageManifest | null,
  root: string,
  generation: number,
): string {
  const directory = join(root, String(generation));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  for (const [at, definition] of (manifest?.definitions ?? []).entries()) {
    for (const { path, hash } of definition.modules) {
      const module = readModule(database, hash);
      if (module === null)
        throw new Error(`Module ${path} (${hash}) is missing from the database.`);
      writeModuleFile(join(directory, String(at), path), module.source, module.sourceMap);
    }
  }
  return directory;
}

export function writeModuleFile(file: string, source: string, sourceMap: string | null): void {
  mkdirSync(dirname(file), { recursive: true });
  if (sourceMap === null) {
    writeFileSync(file, source);
    return;
  }
  const name = file.slice(file.lastIndexOf("/") + 1);
  writeFileSync(file, `${source}\n//# sourceMappingURL=${name}.map\n`);
  writeFileSync(`${file}.map`, sourceMap);
}

/** Removes the folders of other generations; those of a killed process too. */
export function removeOtherGenerations(root: string, keep: number): void {
  for (const name of readdirSync(root)) {
    if (name !== String(keep)) rmSync(join(root, name), { recursive: true, force: true });
  }
}
