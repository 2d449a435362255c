/** Convex's total order of values, as indexes show it. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";

type Row = { label: string; value?: unknown };

const bytes = (...values: number[]) => new Uint8Array(values).buffer;

/** From the least to the greatest: undefined < null < int64 < float64 < boolean < string < bytes < array < object. */
const ordered: Row[] = [
  { label: "undefined" },
  { label: "null", value: null },
  { label: "least int64", value: -(2n ** 63n) },
  { label: "-256n", value: -256n },
  { label: "-1n", value: -1n },
  { label: "0n", value: 0n },
  { label: "1n", value: 1n },
  { label: "255n", value: 255n },
  { label: "256n", value: 256n },
  { label: "2^32 n", value: 2n ** 32n },
  { label: "greatest int64", value: 2n ** 63n - 1n },
  { label: "-Infinity", value: -Infinity },
  { label: "-1e300", value: -1e300 },
  { label: "-1.5", value: -1.5 },
  { label: "-1e-300", value: -1e-300 },
  { label: "-0", value: -0 },
  { label: "0", value: 0 },
  { label: "1e-300", value: 1e-300 },
  { label: "1.5", value: 1.5 },
  { label: "2", value: 2 },
  { label: "10", value: 10 },
  { label: "Infinity", value: Infinity },
  { label: "NaN", value: NaN },
  { label: "false", value: false },
  { label: "true", value: true },
  { label: "empty string", value: "" },
  { label: "string of a zero", value: "\u0000" },
  { label: "A", value: "A" },
  { label: "a", value: "a" },
  { label: "a and a zero", value: "a\u0000" },
  { label: "a0", value: "a0" },
  { label: "aa", value: "aa" },
  { label: "b", value: "b" },
  { label: "é", value: "é" },
  // In UTF-16 the emoji starts with a surrogate and would come before U+FFFD.
  { label: "U+FFFD", value: "\uFFFD" },
  { label: "emoji", value: "😀" },
  { label: "no bytes", value: bytes() },
  { label: "00", value: bytes(0) },
  { label: "00 00", value: bytes(0, 0) },
  { label: "00 ff", value: bytes(0, 255) },
  { label: "01", value: bytes(1) },
  { label: "ff", value: bytes(255) },
  { label: "[]", value: [] },
  { label: "[null]", value: [null] },
  { label: "[1n]", value: [1n] },
  { label: "[1]", value: [1] },
  { label: "[1, 2]", value: [1, 2] },
  { label: "[2]", value: [2] },
  { label: "['a']", value: ["a"] },
  { label: "[[]]", value: [[]] },
  { label: "{}", value: {} },
  { label: "{a: null}", value: { a: null } },
  { label: "{a: 1}", value: { a: 1 } },
  { label: "{a: 1, b: 0}", value: { a: 1, b: 0 } },
  { label: "{a: 2}", value: { a: 2 } },
  { label: "{b: 0}", value: { b: 0 } },
];

const labels = ordered.map((row) => row.label);
const group = "order";

/** The same rows in an order that has nothing to do with the right one. */
const shuffled = ordered
  .map((row, index) => ({ row, key: (index * 37) % 101 }))
  .sort((a, b) => a.key - b.key)
  .map(({ row }) => row);

const fill = (t: Session) => t.mutation(api.values.fill, { group, rows: shuffled });
const after = (label: string) => labels.slice(labels.indexOf(label) + 1);
const before = (label: string) => labels.slice(0, labels.indexOf(label));

export const ordering = {
  "an index sorts values of all types into one order": async (t) => {
    await fill(t);
    expect(await t.query(api.values.labels, { group, order: "asc" })).toEqual(labels);
    expect(await t.query(api.values.labels, { group, order: "desc" })).toEqual(labels.toReversed());
  },

  "equality in an index tells every value from every other": async (t) => {
    await fill(t);
    for (const { label, ...value } of ordered) {
      expect(await t.query(api.values.equalTo, { group, ...value }), label).toEqual([label]);
    }
  },

  "a range runs across types": async (t) => {
    await fill(t);
    expect(await t.query(api.values.between, { group, above: "b" })).toEqual(after("b"));
    expect(await t.query(api.values.between, { group, below: 1.5 })).toEqual(before("1.5"));
    expect(await t.query(api.values.between, { group, above: -0, below: true })).toEqual(
      after("-0").filter((label) => before("true").includes(label)),
    );
  },

  "an empty and a reversed range are empty": async (t) => {
    await fill(t);
    expect(await t.query(api.values.between, { group, above: 2, below: 2 })).toEqual([]);
    expect(await t.query(api.values.between, { group, above: "b", below: "a" })).toEqual([]);
  },

  "filters compare values of different types in the same order": async (t) => {
    await fill(t);
    const value = 1.5;
    expect(await t.query(api.values.filtered, { group, operator: "lt", value })).toEqual(
      before("1.5"),
    );
    expect(await t.query(api.values.filtered, { group, operator: "gt", value })).toEqual(
      after("1.5"),
    );
    expect(await t.query(api.values.filtered, { group, operator: "gte", value: "b" })).toEqual([
      "b",
      ...after("b"),
    ]);
    expect(await t.query(api.values.filtered, { group, operator: "lte", value: null })).toEqual([
      "undefined",
      "null",
    ]);
  },

  "values that are equal in an index stand in the order of creation": async (t) => {
    const rows = ["first", "second", "third"].map((label) => ({ label, value: "same" }));
    await t.mutation(api.values.fill, { group: "ties", rows });
    expect(await t.query(api.values.labels, { group: "ties", order: "asc" })).toEqual([
      "first",
      "second",
      "third",
    ]);
    expect(await t.query(api.values.labels, { group: "ties", order: "desc" })).toEqual([
      "third",
      "second",
      "first",
    ]);
  },
} satisfies Topic;
