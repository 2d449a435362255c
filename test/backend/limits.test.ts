/** Convex's documented limits, one by one: what they let through, what they refuse, and in which words. */
import { describe, expect, it } from "vitest";
import { LogLines } from "../../backend/runtime/logLines.ts";
import { Transaction } from "../../backend/runtime/transaction.ts";
import {
  argumentsProblem,
  documentProblem,
  returnProblem,
} from "../../backend/values/documentRules.ts";
import type { Encoded, EncodedObject } from "../../backend/values/encoded.ts";

const problemOf = (doc: EncodedObject) => documentProblem(doc, JSON.stringify(doc));
const argsProblemOf = (args: EncodedObject) => argumentsProblem(args, JSON.stringify(args));
const nested = (levels: number): Encoded => (levels === 0 ? 1 : [nested(levels - 1)]);
const fields = (count: number): EncodedObject =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));
const MIB = 1 << 20;
/** Texts whose document has just so many bytes: {"a":"…"} takes eight. */
const ascii = (bytes: number) => ({ a: "x".repeat(bytes - 8) });
const chinese = (bytes: number) => ({ a: "字".repeat(Math.floor((bytes - 8) / 3)) });

describe("a document", () => {
  it.each<[string, EncodedObject, EncodedObject, RegExp]>([
    ["1 MiB", ascii(MIB), ascii(MIB + 1), /^Value is too large \(1048577 bytes > maximum size/],
    ["1 MiB of any letters", chinese(MIB), chinese(MIB + 3), /^Value is too large/],
    ["16 levels", { a: nested(15) }, { a: nested(16) }, /^Value is too nested/],
    ["1,024 fields", fields(1_024), fields(1_025), /^Object has too many fields \(1025 >/],
    ["arrays of 8,192", { a: Array(8_192).fill(0) }, { a: Array(8_193).fill(0) }, /8193 > .* 8192/],
    ["names of 64", { ["n".repeat(64)]: 1 }, { ["n".repeat(65)]: 1 }, /maximum 64 characters/],
    [
      "nested names of 1,024",
      { a: { ["n".repeat(1_024)]: 1 } },
      { a: { ["n".repeat(1_025)]: 1 } },
      /maximum 1024 characters/,
    ],
    ["names in ASCII", { name: 1 }, { größe: 1 }, /ASCII/],
    ["names without $", { cost: 1 }, { $cost: 1 }, /starts with '\$', which is reserved/],
    ["names without _", { id: 1 }, { _ref: 1 }, /starts with '_', which is reserved/],
  ])("may have %s and no more", (_what, allowed, refused, words) => {
    expect(problemOf(allowed)).toBeNull();
    expect(problemOf(refused)).toMatch(words);
  });
});

describe("arguments", () => {
  // Made when they are needed: a reporter would print them.
  it.each<[string, () => EncodedObject, () => EncodedObject, RegExp]>([
    [
      "16 MiB of any letters",
      () => chinese(16 * MIB),
      () => chinese(16 * MIB + 3),
      /^Arguments are too large \(1677\d+ bytes/,
    ],
    ["64 levels", () => ({ a: nested(63) }), () => ({ a: nested(64) }), /^Value is too nested/],
  ])("may have %s and no more", (_what, allowed, refused, words) => {
    expect(argsProblemOf(allowed())).toBeNull();
    expect(argsProblemOf(refused())).toMatch(words);
  });
});

describe("what a function returns", () => {
  it("may have 16 MiB of any letters and no more", () => {
    const text = (bytes: number) => JSON.stringify("字".repeat((bytes - 2) / 3));
    expect(returnProblem("rows:list", text(16 * MIB - 2))).toBeNull();
    expect(returnProblem("rows:list", text(20 * MIB))).toBe(
      "Function rows.js:list return value is too large (actual: 20 MiB, limit: 16 MiB)",
    );
  });
});

describe("the log of a call", () => {
  it("has 256 lines, of which the last says that there were more", () => {
    const log = new LogLines();
    for (let n = 0; n < 255; n++) log.add("LOG", `${n}`);
    expect(log.lines.at(-1)).toBe("[LOG] 254");
    for (let n = 0; n < 3; n++) log.add("LOG", "one more");
    expect(log.lines).toHaveLength(256);
    expect(log.lines.at(-1)).toBe(
      "[ERROR] Log overflow (maximum 256). Remaining log lines omitted.",
    );
  });

  it("has lines of 4 KiB, cut between letters", () => {
    const log = new LogLines();
    for (const text of ["x".repeat(4_096), "字".repeat(1_366)]) log.add("LOG", text);
    expect(log.lines).toEqual([
      `[LOG] ${"x".repeat(4_096)}`,
      `[LOG] ${"字".repeat(1_365)} (truncated due to length)`,
    ]);
  });
});

describe("a transaction", () => {
  const hint = /Consider using smaller limits in your queries, paginating your queries/;
  const times = (count: number, act: () => void) => {
    for (let n = 0; n < count; n++) act();
  };
  // The counters look at nothing that is stored.
  const begin = () => new Transaction(null as never, 1n, null);

  it.each<[string, (transaction: Transaction) => () => void, number, RegExp]>([
    [
      "read 32,000 documents",
      (one) => () => one.countRead(1, 1),
      32_000,
      /Too many documents read/,
    ],
    ["read 16 MiB", (one) => () => one.countRead(0, MIB), 16, /Too many bytes read/],
    ["read 4,096 ranges", (one) => () => one.countRange(), 4_096, /Too many reads/],
    ["write 16,000 documents", (one) => () => one.countWrite(1, []), 16_000, /documents written/],
    [
      "schedule 1,000 functions",
      (one) => () => one.countScheduled(0, 1),
      1_000,
      /^Too many functions scheduled by this mutation \(limit: 1000\)$/,
    ],
    [
      "schedule functions with 16 MiB of arguments",
      (one) => () => one.countScheduled(0, MIB),
      16,
      /^Too large total size of the arguments of scheduled functions from this mutation/,
    ],
    ["write 16 MiB", (one) => () => one.countWrite(MIB, []), 16, /Too many bytes written/],
  ])("may %s and no more", (_what, counted, limit, words) => {
    const act = counted(begin());
    expect(() => times(limit, act)).not.toThrow();
    expect(act).toThrow(words);
  });

  it("says what to do about too many reads", () => {
    expect(() => begin().countRead(32_001, 0)).toThrow(hint);
    expect(() => begin().countRead(0, 16 * MIB + 1)).toThrow(hint);
  });
});
