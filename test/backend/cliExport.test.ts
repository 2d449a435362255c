/** `convex export` and `convex import`, by the unmodified official CLI, between two backends. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Exports } from "../../backend/deploy/snapshots/exports.ts";
import type { Supervisor } from "../../backend/runtime/supervisor.ts";
import { BackendProcess } from "../contract/support/backendProcess.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/filesApp/convex/_generated/api.js";
import { DeployedApp } from "./support/deployedApp.ts";
import { importFile, rowsOf, unzip, zip, type Row } from "./support/importing.ts";

let app: DeployedApp;
beforeAll(async () => {
  app = await DeployedApp.deploy("filesApp");
});
afterAll(() => app.dispose());

const file = (name: string) => join(app.project.folder, name);
const mustCli = (backend: BackendProcess, ...args: string[]) =>
  app.project.mustCli(backend, ...args);

const importLines = (tableName: string, lines: unknown[], mode = "requireEmpty") => {
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  return importFile(app.backend, text, { format: "jsonLines", tableName, mode });
};

const anything = {
  int64: { $integer: "AQAAAAAAAIA=" },
  bytes: { $bytes: "AP8Q" },
  whole: 3,
  nan: { $float: "AAAAAAAA+H8=" },
  minusZero: { $float: "AAAAAAAAAIA=" },
  infinity: { $float: "AAAAAAAA8P8=" },
  text: 'line\nbreak, "quotes", ünïcödé \u2028',
  nested: { list: [null, true, 0.1, { $integer: "KgAAAAAAAAA=" }, []], empty: {} },
};

describe("convex export, then convex import", () => {
  let other: BackendProcess;
  beforeAll(async () => {
    other = await BackendProcess.start();
  });
  afterAll(() => other.dispose());

  it("brings the same documents, ids, creation times and files into an empty backend", async () => {
    writeFileSync(
      file("rows.jsonl"),
      `${JSON.stringify(anything)}\n${JSON.stringify({ text: "two" })}`,
    );
    await mustCli(app.backend, "import", "--table", "anything", "rows.jsonl");
    const stored = await app.mutation(api.files.storeInMutation, { text: "a stored file" });
    const upload = await app.mutation(api.files.albumUploadUrl, {});
    const uploaded = await fetch(upload, { method: "POST", body: "in a component" });
    const { storageId } = (await uploaded.json()) as { storageId: string };
    await app.mutation(api.files.albumAdd, { file: storageId });
    await app.action(api.files.storeInAction, { text: "a large one ", repeat: 200_000 });
    await mustCli(app.backend, "export", "--path", "all.zip", "--include-file-storage");

    await mustCli(other, "import", "all.zip");
    const tables: [string, string?][] = [
      ["anything"],
      ["attachments"],
      ["_storage"],
      ["_storage", "album"],
      ["pictures", "album"],
    ];
    for (const [table, component] of tables) {
      const rows = await rowsOf(app.backend, table, component);
      expect(rows.length, table).toBeGreaterThan(0);
      expect(await rowsOf(other, table, component), table).toEqual(rows);
    }
    // The data comes first, the code afterwards, as when one moves house.
    await app.project.push(other);
    const moved = new ConvexHttpClient(other.url, { logger: false });
    expect(await moved.query(api.files.attachments, {})).toBe(1);
    const url = (await moved.query(api.files.url, { id: stored })) ?? "";
    expect(await (await fetch(url)).text()).toBe("a stored file");
    // The address of the file is the same as before, but for the host.
    const before = (await app.query(api.files.url, { id: stored })) ?? "";
    expect(new URL(url).pathname).toBe(new URL(before).pathname);
    await moved.mutation(api.files.storeInMutation, { text: "life goes on" });
  });

  it("writes Convex's own format", async () => {
    const contents = await unzip(file("all.zip"));
    const names = Object.keys(contents);
    expect(names).toEqual(
      expect.arrayContaining([
        "README.md",
        "_tables/documents.jsonl",
        "anything/documents.jsonl",
        "anything/generated_schema.jsonl",
        "attachments/documents.jsonl",
        "_storage/documents.jsonl",
        "_components/album/_tables/documents.jsonl",
        "_components/album/_storage/documents.jsonl",
      ]),
    );
    const text = (name: string) => contents[name]?.toString() ?? "";
    expect(text("anything/generated_schema.jsonl")).toBe('"uniform"\n');
    const lines = text("anything/documents.jsonl");
    for (const part of [
      '"whole":3.0',
      '"int64":-9223372036854775807',
      '"minusZero":-0.0',
      '"nan":{"$float":"AAAAAAAA+H8="}',
      '"bytes":{"$bytes":"AP8Q"}',
      '"list":[null,true,0.1,42,[]]',
    ])
      expect(lines).toContain(part);
    expect(text("_tables/documents.jsonl")).toMatch(/^(\{"name":"\w+","id":1\d{4}\}\n)+$/);
    const [row = ""] = text("_storage/documents.jsonl").split("\n");
    const metadata = JSON.parse(row) as { _id: string; sha256: string; internalId: string };
    expect(metadata._id).toMatch(/^kg2/);
    expect(metadata.internalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(text(`_storage/${metadata._id}.txt`)).toBe("a stored file");
  });

  it("that cannot be written ends as failed, not the backend", async () => {
    const states: string[] = [];
    const control = async ({ json }: { json: string }) => {
      states.push((JSON.parse(json) as { state: string }).state);
    };
    const nowhere = join(app.project.folder, "there is no such folder");
    const exports = new Exports({ control } as unknown as Supervisor, nowhere, () => undefined);
    await exports.request(false);
    await expect.poll(() => states).toEqual(["in_progress", "failed"]);
  });

  it("leaves files out unless they are asked for, and can be asked again", async () => {
    await mustCli(app.backend, "export", "--path", "documents.zip");
    const names = Object.keys(await unzip(file("documents.zip")));
    expect(names.filter((name) => name.includes("_storage"))).toEqual([]);
    expect(names).toContain("anything/documents.jsonl");
  });

  it("refuses what is there already, and replaces it when told to", async () => {
    const refused = await app.project.cli(other, "import", "all.zip");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(/Table \w+ already exists/);
    await new ConvexHttpClient(other.url).mutation(api.files.storeInMutation, { text: "more" });
    const { stderr } = await mustCli(other, "import", "all.zip", "--replace", "-y");
    expect(stderr).toMatch(/attachments +\| 1 +\| 3 of 3/);
    expect(await rowsOf(other, "_storage")).toEqual(await rowsOf(app.backend, "_storage"));
    expect(await rowsOf(other, "attachments")).toEqual(await rowsOf(app.backend, "attachments"));
  });

  it("is one moment of the database, also while others write", async () => {
    let writes = 0;
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await app.mutation(api.files.storeInMutation, { text: `file ${writes}` });
        writes++;
      }
    })();
    await mustCli(app.backend, "export", "--path", "moment.zip", "--include-file-storage");
    writing = false;
    await writer;
    expect(writes).toBeGreaterThan(0);
    const contents = await unzip(file("moment.zip"));
    const lines = (name: string) =>
      (contents[name]?.toString() ?? "").split("\n").filter((line) => line !== "");
    const ids = lines("_storage/documents.jsonl").map((line) => (JSON.parse(line) as Row)["_id"]);
    for (const line of lines("attachments/documents.jsonl"))
      expect(ids).toContain((JSON.parse(line) as Row)["file"]);
  });
});

describe("convex import", () => {
  const names = async (table: string) =>
    (await rowsOf(app.backend, table)).map(({ name }) => name as string);

  it("appends to a table, or replaces it", async () => {
    await importLines("people", [{ name: "Alice" }]);
    await expect(importLines("people", [{ name: "Bob" }])).rejects.toThrow("already exists");
    expect(await importLines("people", [{ name: "Bob" }], "append")).toBe(1);
    expect(await names("people")).toEqual(["Alice", "Bob"]);
    await importLines("people", [{ name: "Carol" }], "replace");
    expect(await names("people")).toEqual(["Carol"]);
  });

  it("takes CSV and JSON arrays", async () => {
    const csv = 'name,rank,note\nweb-1,1.5,"a ""quoted"",\nnote"\nweb-2,-2,\n';
    writeFileSync(file("machines.csv"), csv);
    await mustCli(app.backend, "import", "--table", "machines", "machines.csv");
    const array = '[{"name": "web-3", "rank": 3}]';
    const args = { format: "jsonArray", tableName: "machines", mode: "append" };
    await importFile(app.backend, array, args);
    const rows = await rowsOf(app.backend, "machines");
    expect(rows.map(({ _id, _creationTime, ...fields }) => fields)).toEqual([
      { name: "web-1", rank: 1.5, note: 'a "quoted",\nnote' },
      { name: "web-2", rank: -2, note: "" },
      { name: "web-3", rank: 3 },
    ]);
  });

  it("replaces everything with what the file holds", async () => {
    await importLines("leftover", [{ a: 1 }]);
    await mustCli(app.backend, "import", "all.zip", "--replace-all", "-y");
    expect(await rowsOf(app.backend, "leftover")).toEqual([]);
    expect(await rowsOf(app.backend, "attachments")).toHaveLength(1);
  });

  it("empties a table of the schema that the file does not hold, and keeps its indexes", async () => {
    const only = await zip({ "leftover/documents.jsonl": '{"a":1}\n' });
    expect(await importFile(app.backend, only, { format: "zip", mode: "replaceAll" })).toBe(1);
    expect(await rowsOf(app.backend, "attachments")).toEqual([]);
    expect(await rowsOf(app.backend, "pictures", "album")).toEqual([]);
    await app.mutation(api.files.storeInMutation, { text: "afterwards" });
    expect(await app.query(api.files.attachments, {})).toBe(1);
  });

  it("keeps subscriptions right when their tables are replaced", async () => {
    const client = new ConvexClient(app.backend.url, { logger: false });
    const attachments = watch(client, api.files.attachments, {});
    await attachments.until((count) => count === 1);
    await importLines("attachments", [], "replace");
    await attachments.until((count) => count === 0);
    await app.mutation(api.files.storeInMutation, { text: "after the import" });
    await attachments.until((count) => count === 1);
    await client.close();
  });

  const refusals: [string, unknown[], RegExp][] = [
    ["no object", [{ a: 1 }, 2], /Row 2 wasn't an object/],
    ["a value that Convex has not", [{ a: { $integer: 7 } }], /not a value of Convex/],
    ["a field name that is reserved", [{ $a: 1, b: 2 }], /not a value of Convex/],
    ["an id of something else", [{ _id: "web-1" }], /not a valid _id/],
    ["a creation time that is none", [{ _creationTime: "now" }], /_creationTime must be/],
    ["a document that is too large", [{ text: "x".repeat(1_100_000) }], /too large/],
  ];
  it.each(refusals)("refuses %s, and leaves the table as it was", async (_, lines, says) => {
    const before = await rowsOf(app.backend, "people");
    await expect(importLines("people", lines, "replace")).rejects.toThrow(says);
    expect(await rowsOf(app.backend, "people")).toEqual(before);
  });

  it("refuses documents that the schema does not allow", async () => {
    const before = await rowsOf(app.backend, "attachments");
    const lines = [{ file: "no id" }];
    await expect(importLines("attachments", lines, "replace")).rejects.toThrow(
      /attachments[\s\S]*\.file/,
    );
    expect(await rowsOf(app.backend, "attachments")).toEqual(before);
  });

  it("refuses names, formats and texts that make no sense", async () => {
    await expect(importLines("no-name", [{}])).rejects.toThrow("isn't a valid name");
    await expect(importLines("_storage", [{}])).rejects.toThrow("isn't a valid name");
    const jsonLines = { format: "jsonLines", tableName: "nonsense" };
    await expect(importFile(app.backend, "{nonsense", jsonLines)).rejects.toThrow(
      "Row 1 wasn't valid JSON",
    );
    const csv = { format: "csv", tableName: "nonsense" };
    await expect(importFile(app.backend, "a,b\n1", csv)).rejects.toThrow("CSV row 1");
    await expect(importFile(app.backend, "x", { format: "xml" })).rejects.toThrow("format");
  });

  it("refuses ids that come twice, or that another table has", async () => {
    await importLines("people", [{ name: "Alice" }], "replace");
    const [alice] = await rowsOf(app.backend, "people");
    await expect(importLines("twins", [alice])).rejects.toThrow(
      "IDs that conflict with existing table people",
    );
    await expect(importLines("people", [alice, alice], "replace")).rejects.toThrow(
      "duplicate _id fields",
    );
    expect(await rowsOf(app.backend, "people")).toEqual([alice]);
  });

  it("refuses a file that is no ZIP file, or a damaged one", async () => {
    const replace = { format: "zip", mode: "replace" };
    await expect(importFile(app.backend, "not a zip file at all", replace)).rejects.toThrow(
      "not a ZIP file",
    );
    const damaged = Buffer.from(readFileSync(file("all.zip")));
    const at = damaged.indexOf("anything/documents.jsonl") + 40;
    damaged.fill(0xff, at, at + 20);
    await expect(importFile(app.backend, damaged, replace)).rejects.toThrow("damaged");
  });

  it("takes a ZIP file made by hand, and says what it cannot take", async () => {
    const hand = await zip({ "folder/hand/documents.jsonl": '{"name":"by hand","size":5}\n' });
    expect(await importFile(app.backend, hand, { format: "zip" })).toBe(1);
    expect(await rowsOf(app.backend, "hand")).toMatchObject([{ name: "by hand", size: 5 }]);
    const old = await zip({
      "old/documents.jsonl": '{"count":"5"}\n',
      "old/generated_schema.jsonl": '"{\\"count\\": int64}"\n',
    });
    await expect(importFile(app.backend, old, { format: "zip" })).rejects.toThrow("older Convex");
  });

  it("is undone by a restart in the middle, and says so", async () => {
    const lines = Array.from({ length: 20_000 }, (_, rank) => ({ name: `web-${rank}` }));
    const before = await rowsOf(app.backend, "people");
    const importing = importLines("people", lines, "replace").catch((error: unknown) => error);
    const { url, adminKey } = app.backend;
    await expect
      .poll(
        async () => {
          const body = JSON.stringify({ path: "_system/cli/queryImport:list", args: {} });
          const headers = { authorization: `Convex ${adminKey}` };
          return (await fetch(`${url}/api/query`, { method: "POST", headers, body })).text();
        },
        { timeout: 40_000, interval: 5 },
      )
      .toContain("in_progress");
    await app.backend.kill("SIGKILL");
    await importing;
    await app.backend.start();
    expect(await rowsOf(app.backend, "people")).toEqual(before);
    await importLines("people", [{ name: "after the restart" }], "replace");
    expect(await names("people")).toEqual(["after the restart"]);
  });
});
