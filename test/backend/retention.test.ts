/** Nothing grows without end: old records go, and constant updates stay within a bounded file. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "../../backend/store/catalog.ts";
import { Database } from "../../backend/store/database.ts";
import { Documents } from "../../backend/store/documents.ts";
import { newInternalId } from "../../backend/values/documentId.ts";
import { deployContractApp, type Deployed } from "../contract/support/backendImplementation.ts";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import { rowsOf } from "./support/importing.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deployContractApp();
});
afterAll(() => deployed.dispose());

const path = (name: string) => join(deployed.backend.dataDir, name);

/** Changes the database of the stopped backend, then starts it again. */
const tamper = async (change: (database: DatabaseSync) => void) => {
  await deployed.backend.kill("SIGTERM");
  const database = new DatabaseSync(path("rows.sqlite"));
  database.exec("BEGIN");
  change(database);
  database.exec("COMMIT");
  database.close();
  await deployed.backend.start();
};

const countOf = (table: string) => {
  const database = new DatabaseSync(path("rows.sqlite"), { readOnly: true });
  const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as {
    count: number;
  };
  database.close();
  return count;
};

const DAY_MS = 24 * 3600 * 1000;

describe("retention", () => {
  it("forgets finished jobs after a week, and no others", async () => {
    const { session, backend } = deployed;
    const step = { log: "retention", step: "one" };
    // First in every order, but not over.
    await session.mutation(api.scheduling.addLater, { ...step, delayMs: 30 * DAY_MS });
    await session.mutation(api.scheduling.addManyLater, {
      log: "retention",
      count: 600,
      delayMs: 0,
    });
    const kinds = async () =>
      (await rowsOf(backend, "_scheduled_functions")).map(
        ({ state }) => (state as { kind: string }).kind,
      );
    const finished = async () => (await kinds()).filter((kind) => kind === "success").length;
    await expect.poll(finished, { timeout: 20_000 }).toBe(600);
    await tamper((database) => {
      database.exec(`UPDATE finishedJobs SET completedMs = completedMs - ${8 * DAY_MS}`);
    });
    await expect.poll(kinds, { timeout: 20_000 }).toEqual(["pending"]);
    await session.mutation(api.scheduling.addLater, { ...step, delayMs: 0 });
    await expect.poll(kinds, { timeout: 20_000 }).toEqual(["pending", "success"]);
  });

  it("forgets the answers of client sessions after two weeks, however many", async () => {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const dayNs = BigInt(DAY_MS) * 1_000_000n;
    await tamper((database) => {
      const insert = database.prepare("INSERT INTO sessionRequests VALUES (?, ?, 'null', ?)");
      for (let at = 0; at < 3_000; at++) insert.run("old", at, nowNs - 15n * dayNs);
      for (let at = 0; at < 10; at++) insert.run("new", at, nowNs - 13n * dayNs);
    });
    await expect.poll(() => countOf("sessionRequests"), { timeout: 20_000 }).toBe(10);
  });

  it("removes at a start what killed processes have left", async () => {
    await deployed.backend.kill("SIGKILL");
    mkdirSync(path("analysis-killed/0"), { recursive: true });
    mkdirSync(path("modules/99"), { recursive: true });
    await deployed.backend.start();
    const names = readdirSync(deployed.backend.dataDir);
    expect(names.filter((name) => name.startsWith("analysis-"))).toEqual([]);
    expect(readdirSync(path("modules"))).toHaveLength(1);
  });

  it("keeps the code of one push only", async () => {
    const push = async (version: string) => {
      deployed.project.write("convex/extra.ts", `export const version = "${version}";`);
      await deployed.project.push(deployed.backend);
      expect(readdirSync(path("modules"))).toHaveLength(1);
      return countOf("modules");
    };
    expect(await push("two")).toBe(await push("one"));
  });
});

describe("a clock that was ahead when the backend stopped", () => {
  it("does not keep what is scheduled waiting until the time comes again", async () => {
    const hourAheadNs = BigInt(Date.now() + 3_600_000) * 1_000_000n;
    await tamper((database) => {
      database
        .prepare("UPDATE settings SET value = ? WHERE name = 'lastTs'")
        .run(String(hourAheadNs));
    });
    const { session } = deployed;
    const step = { log: "clock", step: "ran" };
    await session.mutation(api.scheduling.addLater, { ...step, delayMs: 100 });
    await expect
      .poll(() => session.query(api.steps.of, { log: "clock" }), { timeout: 10_000 })
      .toEqual(["ran"]);
  });
});

describe("the files of the database", () => {
  const folder = mkdtempSync(join(tmpdir(), "retention-"));
  const database = new Database(join(folder, "rows.sqlite"));
  const catalog = new Catalog(database);
  const documents = new Documents(database);
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const inTransaction = (work: () => void) => {
    database.sqlite.exec("BEGIN IMMEDIATE");
    work();
    database.sqlite.exec("COMMIT");
  };
  const bytes = (name: string) => statSync(join(folder, name)).size;
  const docOf = (rank: number) => {
    const doc = { _creationTime: 1, rank, text: String(rank % 10).repeat(20_000) };
    return { doc, text: JSON.stringify(doc) };
  };
  const ids = Array.from({ length: 100 }, () => newInternalId(Date.now()));

  it("stay bounded while the same rows change all the time", () => {
    const table = catalog.createTable(catalog.component(""), "pulses");
    catalog.createIndex(table, "by_rank", ["rank"]);
    for (const id of ids) {
      const { doc, text } = docOf(0);
      inTransaction(() => void documents.insert(table, id, doc, text));
    }
    const round = (rank: number) =>
      inTransaction(() => {
        const [before, after] = [docOf(rank - 1), docOf(rank)];
        for (const id of ids) documents.update(table, id, before.doc, after.doc, after.text);
      });
    // The log goes into the file whenever it has grown to 32 MB: both halves write three times that.
    for (let rank = 1; rank <= 50; rank++) round(rank);
    const halfway = bytes("rows.sqlite");
    for (let rank = 51; rank <= 100; rank++) round(rank);
    expect(bytes("rows.sqlite")).toBeLessThanOrEqual(halfway * 1.1);
    expect(bytes("rows.sqlite-wal")).toBeLessThan(64e6);
  });

  it("reuse the room of deleted rows", () => {
    const table = catalog.createTable(catalog.component(""), "samples");
    const { doc, text } = docOf(1);
    const fillAndEmpty = () => {
      inTransaction(() => ids.forEach((id) => documents.insert(table, id, doc, text)));
      inTransaction(() => ids.forEach((id) => documents.remove(table, id, doc)));
    };
    for (let round = 0; round < 25; round++) fillAndEmpty();
    const halfway = bytes("rows.sqlite");
    for (let round = 0; round < 25; round++) fillAndEmpty();
    expect(bytes("rows.sqlite")).toBeLessThanOrEqual(halfway * 1.1);
  });

  it("shrink back to a bounded log after a reader has held it up", () => {
    const table = catalog.createTable(catalog.component(""), "held");
    const { doc, text } = docOf(1);
    const reader = new Database(join(folder, "rows.sqlite"), "reader");
    reader.sqlite.exec("BEGIN");
    reader.setting("format");
    for (let round = 0; round < 50; round++) {
      inTransaction(() => ids.forEach((id) => documents.insert(table, id, doc, text)));
      inTransaction(() => ids.forEach((id) => documents.remove(table, id, doc)));
    }
    expect(bytes("rows.sqlite-wal")).toBeGreaterThan(68e6);
    reader.sqlite.exec("COMMIT");
    reader.close();
    for (let round = 0; round < 3; round++)
      inTransaction(() => database.setSetting("round", String(round)));
    expect(bytes("rows.sqlite-wal")).toBeLessThan(68e6);
  });
});
