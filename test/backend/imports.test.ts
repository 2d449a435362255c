/** An import while user code goes on: which numbers its tables take, and what is left of one that ends early. */
import { describe, expect, it } from "vitest";
import type { Executor } from "../../backend/runtime/executor.ts";
import type { ImportMode } from "../../backend/runtime/importRules.ts";
import { Imports, type ImportStep } from "../../backend/runtime/imports.ts";
import { CommitClock } from "../../backend/store/clock.ts";
import { reloadStore } from "../../backend/store/documents.ts";
import { encodeId, newInternalId } from "../../backend/values/documentId.ts";
import { openMemoryStore } from "./support/memoryStore.ts";

/** The next that a new table would get. */
const NUMBER = 10_002;
const group = { beginWrites: () => undefined, touched: [] };
const newId = (tableNumber: number) => encodeId({ tableNumber, internalId: newInternalId(1) });

const open = () => {
  const { store } = openMemoryStore({});
  const { catalog, documents, database } = store;
  const root = catalog.component("");
  const imports = new Imports({
    store,
    clock: new CommitClock(database, () => 1_000),
    runner: { package: () => ({ components: new Map() }) },
    deployment: { manifest: null },
    rerunWatches: () => undefined,
  } as unknown as Executor);
  /** In a transaction that is undone when the step throws, or when the commit fails. */
  const step = (work: ImportStep, commit: "stored" | "lost" = "stored") => {
    let end = "ROLLBACK";
    database.sqlite.exec("BEGIN");
    try {
      imports.step(group, work);
      if (commit === "stored") end = "COMMIT";
    } finally {
      database.sqlite.exec(end);
      reloadStore(store);
    }
  };
  /** As a mutation does that is the first to write to a table. */
  const insert = (name: string) => {
    const table = catalog.table(root, name) ?? catalog.createTable(root, name);
    const _id = newId(table.number);
    const doc = { _creationTime: 1, _id };
    documents.insert(table, newInternalId(1), doc, JSON.stringify(doc));
  };
  const importId = "one";
  return {
    ...{ step, insert },
    begin: (name: string, mode: ImportMode, number: number | null = NUMBER) => {
      step({ kind: "begin", importId, mode, tables: [{ componentPath: "", name, number }] });
      const text = JSON.stringify({ _id: newId(number ?? NUMBER), name: "imported" });
      if (number !== null) step({ kind: "rows", importId, table: 0, rows: [{ text }] });
    },
    finish: (commit?: "lost") => step({ kind: "finish", importId }, commit),
    abort: (commit?: "lost") => step({ kind: "abort", importId }, commit),
    numberOf: (name: string) => catalog.table(root, name)?.number,
    countOf: (name: string) => {
      const table = catalog.table(root, name);
      return table === null ? null : documents.count(table);
    },
    /** What a list of tables does not show, too. */
    allTables: () =>
      database
        .statement("SELECT name FROM tables ORDER BY name")
        .all()
        .map(([name]) => name),
  };
};

describe("a table that user code makes while an import runs", () => {
  it("takes no number that the import uses", () => {
    const { begin, insert, finish, numberOf, countOf } = open();
    begin("people", "replace", NUMBER);
    insert("meanwhile");
    const number = numberOf("meanwhile");
    expect(number).not.toBe(NUMBER);
    finish();
    expect(numberOf("people")).toBe(NUMBER);
    expect(numberOf("meanwhile")).toBe(number);
    expect(countOf("meanwhile")).toBe(1);
  });

  it("is not replaced by an import that was to append", () => {
    const { begin, insert, finish, abort, countOf } = open();
    begin("people", "append");
    insert("people");
    expect(() => finish()).toThrow("Table people was created while the import ran");
    abort();
    expect(countOf("people")).toBe(1);
  });
});

describe("an empty table whose number an import takes", () => {
  const withEmptyTable = () => {
    const opened = open();
    const number = opened.numberOf("items") ?? 0;
    opened.begin("people", "replace", number);
    return { ...opened, number };
  };

  it("gets another one", () => {
    const { finish, numberOf, number } = withEmptyTable();
    finish();
    expect(numberOf("people")).toBe(number);
    expect(numberOf("items")).not.toBe(number);
  });

  it("keeps it if it was written to meanwhile, and the import is refused", () => {
    const { finish, insert, abort, numberOf, number, allTables } = withEmptyTable();
    insert("items");
    expect(() => finish()).toThrow("IDs that conflict with existing table items");
    abort();
    expect(numberOf("items")).toBe(number);
    expect(allTables()).toEqual(["items"]);
  });
});

describe("a table of an import whose rows have no ids", () => {
  it("takes no number that a later one brings along", () => {
    const { step, finish, numberOf } = open();
    const tables = [
      { componentPath: "", name: "new", number: null },
      { componentPath: "", name: "people", number: NUMBER },
    ];
    step({ kind: "begin", importId: "one", mode: "requireEmpty", tables });
    finish();
    expect(numberOf("people")).toBe(NUMBER);
    expect(numberOf("new")).toBe(NUMBER + 1);
  });
});

describe("rows that are appended to a table with another number than theirs", () => {
  it("are refused", () => {
    const { begin, numberOf } = open();
    expect(numberOf("items")).not.toBe(NUMBER);
    expect(() => begin("items", "append", NUMBER)).toThrow("is an ID of another table");
  });
});

describe("an import that ends early", () => {
  it.each(["finish", "abort"] as const)("leaves nothing when its %s was lost", (what) => {
    const opened = open();
    opened.begin("people", "replace");
    opened[what]("lost");
    opened.abort();
    expect(opened.allTables()).toEqual(["items"]);
  });

  it("and could not even be aborted leaves nothing once the next one begins", () => {
    const { begin, step, finish, allTables } = open();
    begin("people", "replace");
    const tables = [{ componentPath: "", name: "others", number: null }];
    step({ kind: "begin", importId: "two", mode: "replace", tables });
    step({ kind: "finish", importId: "two" });
    expect(allTables()).toEqual(["items", "others"]);
    expect(() => finish()).toThrow("The import was interrupted");
  });
});
