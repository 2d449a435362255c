/**
 * What the official CLI would push of a fixture app: bundled by it once, and then kept for all who deploy the same files, for
 * it takes seconds each time.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment, Project } from "./project.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const kept = join(root, "node_modules/.cache/rollcall/tests-bundled");

/** The body of start_push. The deployment must be an empty one: what it has already would be left out. */
export const bundledFixture = async (project: Project, deployment: Deployment): Promise<object> => {
  const path = join(kept, `${fingerprint(project.folder)}.json`);
  if (!existsSync(path)) await bundle(project, deployment, path);
  return JSON.parse(readFileSync(path, "utf8")) as object;
};

const bundle = async (project: Project, deployment: Deployment, path: string): Promise<void> => {
  mkdirSync(kept, { recursive: true });
  // Others may bundle the same at the same time.
  const own = join(kept, randomUUID());
  await project.mustCli(
    deployment,
    ...["deploy", "-y", "--typecheck", "disable", "--codegen", "disable"],
    ...["--write-push-request", own],
  );
  renameSync(`${own}.json`, path);
};

/** Of the app's files and of all packages that they may import. */
const fingerprint = (folder: string): string => {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .filter((name) => !name.startsWith("/node_modules"))
    .sort();
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
};
