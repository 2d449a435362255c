/**
 * Which watches a write wakes: never too few, whatever the query and the write; not more than those that could see it.
 * On the real store and read sets, without threads.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueryOutcome } from "../../backend/runtime/engine.ts";
import { IntervalIndex } from "../../backend/runtime/intervals.ts";
import { bindQuery, type QueryRequest } from "../../backend/runtime/query/request.ts";
import { QueryStream } from "../../backend/runtime/query/stream.ts";
import { ReadSet } from "../../backend/runtime/readSet.ts";
import { NOBODY } from "../../backend/runtime/requestId.ts";
import { Transaction } from "../../backend/runtime/transaction.ts";
import { Watches, type WatchQuery } from "../../backend/runtime/watches.ts";
import type { TouchedKey } from "../../backend/store/documents.ts";
import type { EncodedObject } from "../../backend/values/encoded.ts";
import { openMemoryStore, type MemoryStore } from "./support/memoryStore.ts";

const INDEXES = { by_a: ["a"], by_a_b: ["a", "b"] };

/** What a query answers, and what it has read to know. */
const run = ({ store, table }: MemoryStore, request: QueryRequest) => {
  const transaction = new Transaction(store, 1n, null);
  const stream = new QueryStream(transaction, bindQuery(request, table));
  const docs: string[] = [];
  for (let doc = stream.next(); doc !== null; doc = stream.next()) docs.push(doc);
  return { docs, reads: transaction.reads };
};

const take = (limit: number, order: "asc" | "desc" = "asc", a = 0): QueryRequest => ({
  source: {
    type: "IndexRange",
    indexName: "items.by_a_b",
    range: [{ type: "Eq", fieldPath: "a", value: a }],
    order,
  },
  operators: [{ limit }],
});

const insert = (memory: MemoryStore, fields: EncodedObject): TouchedKey[] => {
  const { internalId, doc } = memory.complete(fields);
  return memory.store.documents.insert(memory.table, internalId, doc, JSON.stringify(doc));
};

/** Whether a write with these keys wakes whoever has read this. */
const wakes = (reads: ReadSet, touched: TouchedKey[]): boolean => {
  const index = new IntervalIndex<string>();
  index.set("reader", reads);
  const woken = new Set<string>();
  for (const { space, key } of touched) index.collect(space, key, woken);
  return woken.size > 0;
};

describe("watches", () => {
  const query: WatchQuery = { path: "rows:list", args: "{}", caller: NOBODY };
  const outcome: QueryOutcome = { ok: true, value: "1", logLines: [], journal: null };
  const answer = async () => ({ outcome, reads: new ReadSet(), identityRead: false });

  it("have a first result for who joins while others are refreshed", async () => {
    const watches = new Watches();
    watches.add(1, query);
    watches.add(2, { ...query, path: "rows:count" });
    const first = await watches.refresh((one) => {
      if (one.path === "rows:count") watches.add(3, query);
      return answer();
    });
    expect(first.map(([id]) => id)).toEqual([1, 2]);
    expect(watches.hasWork).toBe(true);
    expect(await watches.refresh(answer)).toEqual([[3, outcome]]);
    expect(watches.hasWork).toBe(false);
  });
});

describe("a watch that is added twice", () => {
  it("is one, and gone when it is removed", async () => {
    const watches = new Watches();
    const page: WatchQuery = { path: "rows:page", args: "{}", caller: NOBODY };
    let runs = 0;
    const answer = async () => {
      const outcome: QueryOutcome = { ok: true, value: `${++runs}`, logLines: [], journal: "end" };
      return { outcome, reads: new ReadSet(), identityRead: false };
    };
    watches.add(1, page);
    expect(await watches.refresh(answer)).toHaveLength(1);
    watches.add(1, page);
    expect(watches.hasWork).toBe(false);
    watches.remove(1);
    watches.touchAll();
    expect(await watches.refresh(answer)).toEqual([]);
    expect(runs).toBe(1);
  });
});

describe("what a query has read", () => {
  const withRows = (...bs: number[]) => {
    const memory = openMemoryStore(INDEXES);
    for (const b of bs) insert(memory, { a: 0, b });
    return memory;
  };

  it("ends with the last row that it took", () => {
    const memory = withRows(10, 20, 30);
    const { reads } = run(memory, take(2));
    expect(wakes(reads, insert(memory, { a: 0, b: 25 })), "behind the last row").toBe(false);
    expect(wakes(reads, insert(memory, { a: 0, b: 15 })), "between two rows").toBe(true);
    expect(wakes(reads, insert(memory, { a: 0, b: 5 })), "before the first row").toBe(true);
    expect(wakes(reads, insert(memory, { a: 1, b: 5 })), "in another range").toBe(false);
  });

  it("ends with the last row that it took, backwards too", () => {
    const memory = withRows(10, 20, 30);
    const { reads } = run(memory, take(2, "desc"));
    expect(wakes(reads, insert(memory, { a: 0, b: 15 })), "behind the last row").toBe(false);
    expect(wakes(reads, insert(memory, { a: 0, b: 25 })), "between two rows").toBe(true);
    expect(wakes(reads, insert(memory, { a: 0, b: 35 })), "before the first row").toBe(true);
  });

  it("is the whole range when the rows ran out", () => {
    const memory = withRows(10, 20);
    const { reads } = run(memory, take(3));
    expect(wakes(reads, insert(memory, { a: 0, b: 99 }))).toBe(true);
    expect(wakes(reads, insert(memory, { a: 1, b: 99 }))).toBe(false);
  });

  it("is the range when there is no row, and nothing when nothing was asked for", () => {
    const memory = withRows();
    const nothing = run(memory, take(0)).reads;
    const empty = run(memory, take(1)).reads;
    const touched = insert(memory, { a: 0, b: 1 });
    expect(wakes(empty, touched)).toBe(true);
    expect(wakes(nothing, touched)).toBe(false);
  });

  it("holds the rows that a filter dropped", () => {
    const memory = withRows(10, 20, 30, 40);
    const is30 = { $eq: [{ $field: "b" }, { $literal: 30 }] };
    const { operators, source } = take(1);
    const { reads } = run(memory, { source, operators: [{ filter: is30 }, ...operators] });
    expect(wakes(reads, insert(memory, { a: 0, b: 15 }))).toBe(true);
    expect(wakes(reads, insert(memory, { a: 0, b: 35 }))).toBe(false);
  });
});

describe("an index of intervals", () => {
  const key = fc.stringMatching(/^[ab\u0000\u00ff]{0,4}$/);
  const range = fc.record({ low: key, high: key });
  const operation = fc.record({
    kind: fc.constantFrom("set", "delete"),
    owner: fc.nat(4),
    ranges: fc.array(range, { maxLength: 3 }),
  });

  it("finds exactly the owners of the intervals that a key lies in", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), fc.array(key), (operations, keys) => {
        const index = new IntervalIndex<number>();
        const model = new Map<number, { low: string; high: string }[]>();
        for (const { kind, owner, ranges } of operations) {
          const reads = new ReadSet();
          for (const one of ranges) reads.add("space", one);
          if (kind === "set") index.set(owner, reads);
          else index.delete(owner);
          model.set(owner, kind === "set" ? ranges : []);
        }
        for (const one of keys) {
          const found = new Set<number>();
          index.collect("space", one, found);
          const wanted = [...model]
            .filter(([, ranges]) => ranges.some(({ low, high }) => low <= one && one < high))
            .map(([owner]) => owner);
          expect([...found].toSorted()).toEqual(wanted.toSorted());
        }
        const isAnythingRead = [...model.values()].flat().some(({ low, high }) => low < high);
        expect(index.has("space")).toBe(isAnythingRead);
      }),
      { numRuns: 2_000 },
    );
  });
});

const small = fc.integer({ min: 0, max: 3 });
const optionalB = fc.oneof(small, fc.constant(null));
const bound = fc.record({ type: fc.constantFrom("Gt", "Gte", "Lt", "Lte"), value: optionalB });

const rangeRequest = fc
  .record({
    name: fc.constantFrom("by_a", "by_a_b"),
    a: fc.option(small, { nil: undefined }),
    bound: fc.option(bound, { nil: undefined }),
    order: fc.constantFrom("asc", "desc"),
    filter: fc.option(small, { nil: undefined }),
    limit: fc.option(small, { nil: undefined }),
  })
  .map(({ name, a, bound: given, order, filter, limit }): QueryRequest => {
    const fields = INDEXES[name];
    const range = a === undefined ? [] : [{ type: "Eq" as const, fieldPath: "a", value: a }];
    const field = fields[range.length];
    const last = given === undefined || field === undefined ? [] : [{ ...given, fieldPath: field }];
    return {
      source: { type: "IndexRange", indexName: `items.${name}`, range: [...range, ...last], order },
      operators: [
        ...(filter === undefined
          ? []
          : [{ filter: { $lte: [{ $field: "b" }, { $literal: filter }] } }]),
        ...(limit === undefined ? [] : [{ limit }]),
      ],
    };
  });

const fields = fc.record({ a: small, b: small, c: small });
const kind = fc.constantFrom("insert", "update", "remove");
const write = fc.record({ kind, at: fc.nat(9), fields });
type Row = { internalId: string; doc: EncodedObject };
type Write = { kind: "insert" | "update" | "remove"; at: number; fields: EncodedObject };

/** Commits of some writes, between which queries begin to be watched. */
const commit = fc.record({
  writes: fc.array(write, { maxLength: 4 }),
  watched: fc.array(rangeRequest, { maxLength: 2 }),
});

describe("a commit", () => {
  it("wakes every watch whose answer it changed", () => {
    fc.assert(
      fc.property(fc.array(commit, { maxLength: 8 }), (commits) => {
        const memory = openMemoryStore(INDEXES);
        const { documents } = memory.store;
        const rows: Row[] = [];
        const watched: { request: QueryRequest; docs: string[] }[] = [];
        const intervals = new IntervalIndex<number>();
        documents.isWatched = (space) => intervals.has(space);

        for (const { writes, watched: added } of commits) {
          const woken = new Set<number>();
          for (const one of writes) {
            for (const { space, key } of apply(memory, rows, one)) {
              intervals.collect(space, key, woken);
            }
          }
          for (const [at, watch] of watched.entries()) {
            const { docs, reads } = run(memory, watch.request);
            if (!woken.has(at))
              expect(docs, "the answer of a watch that slept").toEqual(watch.docs);
            else intervals.set(at, reads);
            watch.docs = docs;
          }
          for (const request of added) {
            const { docs, reads } = run(memory, request);
            intervals.set(watched.push({ request, docs }) - 1, reads);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function apply(
  { store: { documents }, table, complete }: MemoryStore,
  rows: Row[],
  { kind, at, fields: given }: Write,
): TouchedKey[] {
  const row = rows[at % Math.max(rows.length, 1)];
  if (kind === "insert" || row === undefined) {
    const added = complete(given);
    rows.push(added);
    return documents.insert(table, added.internalId, added.doc, JSON.stringify(added.doc));
  }
  if (kind === "remove") {
    rows.splice(rows.indexOf(row), 1);
    return documents.remove(table, row.internalId, row.doc);
  }
  const before = row.doc;
  row.doc = { ...before, ...given };
  return documents.update(table, row.internalId, before, row.doc, JSON.stringify(row.doc));
}
