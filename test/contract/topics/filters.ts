/** Filter expressions. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";

const fill = (t: Session) =>
  t.mutation(api.notes.addMany, {
    notes: [
      { text: "one", rank: 1, meta: { colour: "red" } },
      { text: "two", rank: 2, meta: { colour: "blue" } },
      { text: "three", rank: 3 },
      { text: "four", rank: 4, meta: { colour: "red" } },
    ],
  });

const expected: Record<string, string[]> = {
  eq: ["two"],
  neq: ["one", "three", "four"],
  lt: ["one"],
  lte: ["one", "two"],
  gt: ["three", "four"],
  gte: ["two", "three", "four"],
  and: ["two", "three"],
  or: ["one", "four"],
  not: ["one", "three", "four"],
  add: ["three"],
  sub: ["three"],
  mul: ["three"],
  div: ["three"],
  mod: ["one", "three"],
  nested: ["one", "four"],
  absent: ["three"],
  text: ["three"],
  createdEver: ["one", "two", "three", "four"],
};

export const filters = {
  "each operator keeps the rows for which it holds": async (t) => {
    await fill(t);
    for (const [filter, texts] of Object.entries(expected)) {
      expect(await t.query(api.filters.run, { filter }), filter).toEqual(texts);
    }
  },

  "a number can be negated": async (t) => {
    await fill(t);
    expect(await t.query(api.filters.run, { filter: "neg" })).toEqual(["three"]);
  },

  "several filters hold together, and take counts what passed them": async (t) => {
    await fill(t);
    expect(await t.query(api.filters.chained, { count: 1 })).toEqual(["two"]);
    expect(await t.query(api.filters.chained, { count: 9 })).toEqual(["two", "four"]);
  },
} satisfies Topic;
