/** Moves an installation of Rollcall to an empty backend and back, with the official command line. */
import { join } from "node:path";
import { BackendProcess } from "../../contract/support/backendProcess.ts";
import { type Deployment, Project } from "../../contract/support/project.ts";
import { unzip } from "./importing.ts";

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
  const replaceAll = (at: Deployment, path: string) =>
    project.mustCli(at, "import", "--replace-all", "-y", path);
  try {
    await exportFrom(here, "there.zip");
    await meanwhile();
    await replaceAll(other, "there.zip");
    await exportFrom(other, "back.zip");
    await replaceAll(here, "back.zip");
    const [there, back] = await Promise.all(
      ["there.zip", "back.zip"].map((name) => exportedIn(join(project.folder, name))),
    );
    return { there: there ?? {}, back: back ?? {} };
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
