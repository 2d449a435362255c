/** Moves a running installation of Rollcall to an empty backend and back, with the official CLI's files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { BackendProcess } from "../../contract/support/backendProcess.ts";
import { type Deployment, Project } from "../../contract/support/project.ts";
import { importFile, rowsOf, unzip } from "./importing.ts";

/** Tables that nobody writes while it goes on. */
const AT_REST = ["users", "workspaces", "members", "machines"];

export async function movesThereAndBack(here: Deployment): Promise<void> {
  const project = new Project("emptyApp");
  const other = await BackendProcess.start();
  const exported = async (from: Deployment, name: string) => {
    await project.mustCli(from, "export", "--path", name, "--include-file-storage");
    return join(project.folder, name);
  };
  try {
    const there = await exported(here, "there.zip");
    await importFile(other, readFileSync(there), { format: "zip" });
    const back = await exported(other, "back.zip");
    const documents = await documentsIn(there);
    expect(await documentsIn(back)).toEqual(documents);
    for (const table of AT_REST) expect(documents[`${table}/documents.jsonl`]).toMatch(/"_id":/);

    await importFile(here, readFileSync(back), { format: "zip", mode: "replaceAll" });
    for (const table of AT_REST)
      expect(await rowsOf(here, table), table).toEqual(await rowsOf(other, table));
  } finally {
    project.dispose();
    await other.dispose();
  }
}

/**
 * The documents of the app's own tables. Numbers of tables are each backend's own, and what has no code exports nothing of
 * components (cliExport.test.ts moves those).
 */
async function documentsIn(path: string): Promise<Record<string, string>> {
  const contents = Object.entries(await unzip(path)).filter(
    ([name]) => name.endsWith("/documents.jsonl") && !/^_(tables|components)\//.test(name),
  );
  return Object.fromEntries(contents.map(([name, bytes]) => [name, bytes.toString()]));
}
