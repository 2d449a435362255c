/** Values of every type through arguments, answers and the database. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

const samples: unknown[] = [
  null,
  true,
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  1e21,
  Number.MAX_SAFE_INTEGER,
  5e-324,
  0n,
  -1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  "",
  "é😀\u0000\uFFFD",
  new ArrayBuffer(0),
  new Uint8Array([0, 1, 254, 255]).buffer,
  [],
  [null, [1n, [-0]], { a: NaN }],
  {},
  { nested: { deep: [{ er: 1n }] }, bytes: new Uint8Array([7]).buffer },
  "x".repeat(100_000),
];

export const wire = {
  "every value comes back as it went, through every kind of function": async (t) => {
    for (const value of samples) {
      expect(await t.query(api.wire.byQuery, { value })).toStrictEqual(value);
      expect(await t.mutation(api.wire.byMutation, { value })).toStrictEqual(value);
      expect(await t.action(api.wire.byAction, { value })).toStrictEqual(value);
    }
  },

  "every value is stored and read back as it was": async (t) => {
    for (const value of samples) {
      const id = await t.mutation(api.wire.store, { value });
      expect(await t.query(api.wire.load, { id })).toStrictEqual(value);
    }
  },

  "no answer is null, and undefined fields are left out": async (t) => {
    expect(await t.query(api.wire.nothing, {})).toBeNull();
    expect(Object.keys(await t.query(api.wire.undefinedField, {}))).toEqual(["kept"]);
  },

  "a value that Convex has no type for is refused": async (t) => {
    expect((await failure(t.query(api.wire.date, {}))).message).toMatch(/not a supported Convex/);
  },
} satisfies Topic;
