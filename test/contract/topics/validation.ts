/** Validators of arguments, of answers and of the schema: each kind, and what its refusal looks like. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

type Kind = { name: string; good: unknown[]; bad: unknown[] };

/** Values each kind of validator takes and refuses. Ids of two tables are added by the tests. */
const kinds: Kind[] = [
  { name: "Null", good: [null], bad: [0, "", false, {}] },
  { name: "Number", good: [0, -1.5, 1e300], bad: [1n, "1", null, true] },
  { name: "Int64", good: [0n, -5n, 2n ** 63n - 1n], bad: [1, "1", null] },
  { name: "Boolean", good: [true, false], bad: [0, "true", null] },
  { name: "String", good: ["", "text", "é😀"], bad: [1, null, ["a"]] },
  { name: "Bytes", good: [new ArrayBuffer(0), new Uint8Array([1, 2]).buffer], bad: ["AQI=", [1]] },
  { name: "Literal", good: ["yes"], bad: ["no", "", true] },
  { name: "LiteralNumber", good: [7], bad: [8, "7", 7n] },
  { name: "Array", good: [[], [1, 2]], bad: [["a"], [1, null], {}, "1"] },
  {
    name: "Object",
    good: [{ x: 1 }, { x: 1, y: "a" }],
    bad: [{}, { x: "1" }, { x: 1, y: 2 }, { x: 1, z: 1 }, [], null],
  },
  { name: "Union", good: ["a", 1], bad: [null, true, 1n, []] },
  { name: "Nullable", good: ["a", null], bad: [1, false, {}] },
  { name: "Any", good: [null, 1, 1n, "a", [1n], { x: { y: [] } }], bad: [] },
];

const record: Kind = {
  name: "Record",
  good: [{}, { a: 1, "b-c d": 2 }],
  bad: [{ a: "1" }, { a: null }, [], null],
};

/** Functions by the name of the kind: `kindsOf.takesNull` and so on. */
const named = (prefix: string, kind: string) =>
  (api.kindsOf as unknown as Record<string, typeof api.kindsOf.takesAny>)[`${prefix}${kind}`] ??
  api.kindsOf.takesAny;

const fieldOf = (kind: string) => kind[0]?.toLowerCase() + kind.slice(1);

const checkArguments = async (t: Session, { name, good, bad }: Kind) => {
  for (const value of good) {
    expect(await t.query(named("takes", name), { value }), name).toEqual(value);
  }
  for (const value of bad) await failure(t.query(named("takes", name), { value }));
};

const checkAnswers = async (t: Session, { name, good, bad }: Kind) => {
  for (const value of good) {
    expect(await t.query(named("gives", name), { value }), name).toEqual(value);
  }
  for (const value of bad) await failure(t.query(named("gives", name), { value }));
};

const checkSchema = async (t: Session, { name, good, bad }: Kind) => {
  const field = fieldOf(name);
  for (const value of good) {
    expect(await t.mutation(api.kindsOf.store, { field, value }), name).toEqual(value);
  }
  const stored = await t.query(api.kindsOf.countTyped, {});
  for (const value of bad) {
    await failure(t.mutation(api.kindsOf.store, { field, value }));
    await failure(t.mutation(api.kindsOf.storeThenPatch, { field, value }));
  }
  expect(await t.query(api.kindsOf.countTyped, {}), name).toBe(stored);
};

const idKind = async (t: Session): Promise<Kind> => {
  const note = await t.mutation(api.notes.add, { text: "target" });
  const link = await t.mutation(api.ids.link, { note });
  return { name: "Id", good: [note], bad: [link, "", "no id", 7, null] };
};

export const validation = {
  "arguments of every kind are taken or refused by their validator": async (t) => {
    for (const kind of [...kinds, await idKind(t)]) await checkArguments(t, kind);
  },
  "arguments that are records are checked": (t) => checkArguments(t, record),

  "answers of every kind are passed or refused by their validator": async (t) => {
    for (const kind of [...kinds, await idKind(t)]) await checkAnswers(t, kind);
  },
  "answers that are records are checked": (t) => checkAnswers(t, record),

  "documents of every kind are stored or refused by the schema": async (t) => {
    for (const kind of [...kinds, await idKind(t)]) await checkSchema(t, kind);
  },
  "documents with records are checked by the schema": (t) => checkSchema(t, record),

  "an optional argument may be left out and may not be null": async (t) => {
    expect(await t.query(api.kindsOf.takesOptional, {})).toBe("left out");
    expect(await t.query(api.kindsOf.takesOptional, { value: "a" })).toBe("given a");
    await failure(t.query(api.kindsOf.takesOptional, { value: null as unknown as string }));
  },

  "a missing and an unexpected argument are refused": async (t) => {
    const missing = {} as { value: string };
    const unexpected = { value: "a", other: 1 } as { value: string };
    expect((await failure(t.query(api.kindsOf.takesString, missing))).message).toMatch(
      /missing.*required field.*value/is,
    );
    expect((await failure(t.query(api.kindsOf.takesString, unexpected))).message).toMatch(
      /(extra|unexpected) field.*other/is,
    );
  },

  "a mutation with wrong arguments does not run": async (t) => {
    await failure(t.mutation(api.notes.add, { text: 7 as unknown as string }));
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },

  "a mutation that answers the wrong type leaves nothing behind": async (t) => {
    await failure(t.mutation(api.kindsOf.writesThenReturnsWrong, {}));
    expect(await t.query(api.kindsOf.countTyped, {})).toBe(0);
  },

  "the schema refuses missing, mistyped and unknown fields": async (t) => {
    for (const note of [{}, { text: 1 }, { text: "a", unknown: 1 }, { text: "a", rank: "1" }]) {
      await failure(t.mutation(api.notes.addUnchecked, { note }));
    }
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },

  "the refusal of an argument names the path, the value and the validator": async (t) => {
    const { message } = await failure(
      t.query(api.kindsOf.takesString, { value: 7 as unknown as string }),
    );
    expect(message).toContain("ArgumentValidationError: Value does not match validator.");
    expect(message).toContain("Path: .value");
    expect(message).toContain("Value: 7.0");
    expect(message).toContain("Validator: v.string()");
  },

  "the refusal of an answer says that it is one": async (t) => {
    const { message } = await failure(t.query(api.kindsOf.givesString, { value: 7 }));
    expect(message).toContain("ReturnsValidationError: Value does not match validator.");
    expect(message).toContain("Value: 7.0");
    expect(message).toContain("Validator: v.string()");
  },

  "the schema's refusal names the table": async (t) => {
    const { message } = await failure(t.mutation(api.notes.addUnchecked, { note: { text: 7 } }));
    expect(message).toContain(
      'Failed to insert or update a document in table "notes" because it does not match the schema',
    );
    expect(message).toContain("Path: .text");
  },
} satisfies Topic;
