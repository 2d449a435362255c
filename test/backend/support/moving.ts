/** Moves an installation of Rollcall to an empty backend and back, with the official command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BackendProcess } from "../../contract/support/backendProcess.ts";
import { type Deployment, Project } from "../../contract/support/project.ts";
import { importFile, unzip } from "./importing.ts";

/** By path in the export: the lines of each table that has any, and the contents of stored files. */
export type Exported = Record<string, string>;

/** What both exports held. Between them `here` is changed by `meanwhile`, which the way back must undo. */
export async function moveThereAndBack(
  here: Deployment,
  meanwhile: () => Promise<void>,
): Promise<{ there: Exported; back: Exported }> {
  const project = new Project("emptyApp");
  const other = await BackendProcess.start();
  const exportFrom = (from: Deployment, path: string) =>
    project.mustCli(from, "export", "--path", path, "--include-file-storage");
  try {
    await exportFrom(here, "there.zip");
    await meanwhile();
    await project.mustCli(other, "import", "--replace-all", "-y", "there.zip");
    await exportFrom(other, "back.zip");
    // What the command line sends, without its start.
    const back = readFileSync(join(project.folder, "back.zip"));
    await importFile(here, back, { format: "zip", mode: "replaceAll" });
    return {
      there: await exportedIn(join(project.folder, "there.zip")),
      back: await exportedIn(join(project.folder, "back.zip")),
    };
  } finally {
    project.dispose();
    await other.dispose();
  }
}

/** Documents with their ids and creation times. Of empty tables only those are listed that the code mounts. */
async function exportedIn(path: string): Promise<Exported> {
  const held = Object.entries(await unzip(path)).filter(
    ([name, bytes]) =>
      /_storage\/|\/documents\.jsonl$/.test(name) && !name.includes("_tables/") && bytes.length > 0,
  );
  return Object.fromEntries(held.map(([name, bytes]) => [name, bytes.toString()]));
}
