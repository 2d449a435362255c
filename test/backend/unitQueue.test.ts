/** What units that share a commit are told, and what is left in memory and in the file when that commit fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UnitQueue, type Unit } from "../../backend/runtime/unitQueue.ts";
import { Catalog } from "../../backend/store/catalog.ts";
import { CommitClock } from "../../backend/store/clock.ts";
import { Database } from "../../backend/store/database.ts";
import { Documents, reloadStore, type Store } from "../../backend/store/documents.ts";
import { newInternalId } from "../../backend/values/documentId.ts";
import { failingCommits } from "./support/failingCommits.ts";

const folder = mkdtempSync(join(tmpdir(), "unit-queue-"));
const opened: Database[] = [];
let files = 0;

// A group also ends when it has lasted long enough: here the clock stands still.
beforeEach(() => void vi.spyOn(performance, "now").mockReturnValue(0));
afterEach(() => {
  vi.restoreAllMocks();
  for (const database of opened.splice(0)) database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A store on a file whose next commits can be made to fail, and a queue over it. */
const open = (path = join(folder, `${(files += 1)}.sqlite`)) => {
  const database = new Database(path);
  opened.push(database);
  const store: Store = {
    database,
    catalog: new Catalog(database),
    documents: new Documents(database),
  };
  const clock = new CommitClock(database, () => 1_000);
  const { sqlite } = database;
  const failing = failingCommits(sqlite);
  const events: string[] = [];
  const disk: Disk = { isHeld: false, writing: 0, held: [] };
  const sync = sqlite.sync.bind(sqlite);
  sqlite.sync = async () => {
    if (disk.isHeld) {
      events.push("to disk");
      await new Promise<void>((resolve, reject) => disk.held.push({ resolve, reject }));
    }
    disk.writing += 1;
    await sync();
    disk.writing -= 1;
  };
  const touched: number[] = [];
  const queue = new UnitQueue(sqlite, {
    beforeCommit: () => clock.persist(),
    afterGroup: async (keys) => {
      touched.push(keys.length);
      return () => void (keys.length > 0 && events.push("watches told"));
    },
    afterLoss: () => {
      reloadStore(store);
      clock.undo();
      events.push("reloaded");
    },
    poll: () => undefined,
    failed: (error) => void events.push(`over: ${(error as Error).message}`),
  });
  return { path, database, store, clock, queue, failing, disk, events, touched };
};

/** The disk of the queue's file: its writes can be held up, and then be made to succeed or to fail. */
type Disk = {
  isHeld: boolean;
  writing: number;
  held: { resolve: () => void; reject: (error: Error) => void }[];
};

type Opened = ReturnType<typeof open>;

/** Creates a table with a document, as a mutation does. */
const insertion = ({ store, clock, events }: Opened, name: string): Unit => ({
  execute: async (group) => {
    group.beginWrites();
    clock.next();
    const component = store.catalog.component("");
    const table =
      store.catalog.table(component, name) ?? store.catalog.createTable(component, name);
    const doc = { _creationTime: 1, _id: "id", name };
    const keys = store.documents.insert(table, newInternalId(1), doc, JSON.stringify(doc));
    group.touched.push(...keys);
    events.push(`${name} written`);
  },
  committed: () => void events.push(`${name} committed`),
  lost: (error) => void events.push(`${name} lost: ${error.message}`),
});

const counting = ({ store, events }: Opened, name: string): Unit => ({
  execute: async () => void events.push(`${name} has ${countOf(store, name)}`),
  committed: () => void events.push("count told"),
  lost: () => void events.push("count lost"),
  isReadOnly: () => true,
});

const countOf = (store: Store, name: string): number | null => {
  const table = store.catalog.table(store.catalog.component(""), name);
  return table === null ? null : store.documents.count(table);
};

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resume) => setImmediate(resume));
};

/** Resolves when all results are told, except those that a held disk keeps back. */
const idle = async ({ disk }: Opened): Promise<void> => {
  do await turns();
  while (disk.writing > 0);
};

describe("units that share a commit", () => {
  it("hear of it after all of them have run, in their order", async () => {
    const opened = open();
    for (const name of ["a", "b"]) opened.queue.add(insertion(opened, name));
    await idle(opened);
    expect(opened.events).toEqual([
      "a written",
      "b written",
      "a committed",
      "b committed",
      "watches told",
    ]);
  });

  it("are all lost when it fails, and leave nothing in the file or in memory", async () => {
    const opened = open();
    opened.queue.add(insertion(opened, "before"));
    await idle(opened);
    const ts = opened.clock.last;
    opened.failing.commits = 1;
    opened.events.length = opened.touched.length = 0;
    for (const name of ["a", "before"]) opened.queue.add(insertion(opened, name));
    await idle(opened);
    expect(opened.events).toEqual([
      "a written",
      "before written",
      "reloaded",
      "a lost: the disk failed",
      "before lost: the disk failed",
    ]);
    expect(opened.touched, "nobody is woken").toEqual([0]);
    expect(opened.clock.last, "nobody was shown what was lost").toBe(ts);
    expect(countOf(opened.store, "a")).toBeNull();
    expect(countOf(opened.store, "before")).toBe(1);
    const reopened = open(opened.path);
    expect(countOf(reopened.store, "a")).toBeNull();
    expect(countOf(reopened.store, "before")).toBe(1);
    expect(reopened.clock.last).toBeGreaterThanOrEqual(ts);
  });

  it("read again what they have read when it fails, if they only read", async () => {
    const opened = open();
    opened.failing.commits = 1;
    opened.queue.add(insertion(opened, "a"));
    opened.queue.add(counting(opened, "a"));
    await idle(opened);
    expect(opened.events).toEqual([
      "a written",
      "a has 1",
      "reloaded",
      "a lost: the disk failed",
      "a has null",
      "count told",
    ]);
  });

  it("do not keep those behind them from being stored", async () => {
    const opened = open();
    opened.failing.commits = 1;
    opened.queue.add(insertion(opened, "a"));
    await idle(opened);
    opened.queue.add(insertion(opened, "a"));
    await idle(opened);
    expect(opened.events.slice(-2)).toEqual(["a committed", "watches told"]);
    const reopened = open(opened.path);
    expect(countOf(reopened.store, "a")).toBe(1);
  });
});

describe("while the disk is busy with a commit", () => {
  const held = async (): Promise<Opened> => {
    const opened = open();
    opened.disk.isHeld = true;
    opened.queue.add(insertion(opened, "a"));
    await turns();
    expect(opened.events, "nobody is told").toEqual(["a written", "to disk"]);
    opened.events.length = 0;
    return opened;
  };

  it("nobody is told, and what comes runs already and shares the next one", async () => {
    const opened = await held();
    opened.queue.add(insertion(opened, "b"));
    await turns();
    opened.queue.add(insertion(opened, "c"));
    await turns();
    expect(opened.events).toEqual(["b written", "c written"]);
    opened.disk.held.pop()?.resolve();
    await idle(opened);
    expect(opened.events.slice(2)).toEqual(["a committed", "watches told", "to disk"]);
    opened.disk.held.pop()?.resolve();
    await idle(opened);
    expect(opened.events.slice(5)).toEqual(["b committed", "c committed", "watches told"]);
  });

  it("a read is answered when all that it has seen is stored", async () => {
    const opened = await held();
    opened.queue.add(counting(opened, "a"));
    await turns();
    expect(opened.events).toEqual(["a has 1"]);
    opened.disk.held.pop()?.resolve();
    await idle(opened);
    expect(opened.events.slice(1)).toEqual(["a committed", "watches told", "count told"]);
  });

  it("a loss takes only what ran since, not what waits for the disk", async () => {
    const opened = await held();
    opened.failing.commits = 1;
    opened.queue.add(insertion(opened, "b"));
    await turns();
    opened.disk.held.pop()?.resolve();
    await idle(opened);
    expect(opened.events).toEqual([
      "b written",
      "a committed",
      "watches told",
      "reloaded",
      "b lost: the disk failed",
    ]);
    expect(countOf(opened.store, "a")).toBe(1);
    expect(countOf(opened.store, "b")).toBeNull();
  });

  it("a disk that fails ends the thread, and nobody is told anything", async () => {
    const opened = await held();
    opened.queue.add(insertion(opened, "b"));
    await turns();
    opened.disk.held.pop()?.reject(new Error("the disk failed"));
    await turns();
    expect(new Set(opened.events)).toEqual(new Set(["b written", "over: the disk failed"]));
  });
});
