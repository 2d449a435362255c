/** Reads through indexes: bounds, directions, and first, take, unique, collect, iteration. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

/** Ranks 1 to 5 of tag "a", out of order, between others. */
const fill = (t: Session) =>
  t.mutation(api.notes.addMany, {
    notes: [
      { text: "three", tag: "a", rank: 3, meta: { colour: "red" } },
      { text: "other", tag: "b", rank: 2 },
      { text: "one", tag: "a", rank: 1 },
      { text: "five", tag: "a", rank: 5, meta: { colour: "blue" } },
      { text: "untagged", rank: 2, meta: { colour: "red", size: 1 } },
      { text: "two", tag: "a", rank: 2 },
      { text: "four", tag: "a", rank: 4 },
    ],
  });

export const ranges = {
  "an equality prefix selects the rows in the order of the next field": async (t) => {
    await fill(t);
    const expected = ["one", "two", "three", "four", "five"];
    expect(await t.query(api.ranges.byTag, { tag: "a" })).toEqual(expected);
    expect(await t.query(api.ranges.byTag, { tag: "a", order: "desc" })).toEqual(
      expected.toReversed(),
    );
    expect(await t.query(api.ranges.byTag, { tag: "none" })).toEqual([]);
  },

  "bounds are inclusive or exclusive as they say, in both directions": async (t) => {
    await fill(t);
    const ask = (bounds: Omit<Parameters<typeof args>[0], "tag">) =>
      t.query(api.ranges.byTag, args({ tag: "a", ...bounds }));
    expect(await ask({ gt: 2 })).toEqual(["three", "four", "five"]);
    expect(await ask({ gte: 2 })).toEqual(["two", "three", "four", "five"]);
    expect(await ask({ lt: 3 })).toEqual(["one", "two"]);
    expect(await ask({ lte: 3 })).toEqual(["one", "two", "three"]);
    expect(await ask({ gt: 1, lt: 4 })).toEqual(["two", "three"]);
    expect(await ask({ gte: 2, lte: 4, order: "desc" })).toEqual(["four", "three", "two"]);
    expect(await ask({ gt: 1, lte: 2, order: "desc" })).toEqual(["two"]);
    expect(await ask({ gt: 5 })).toEqual([]);
  },

  "equality on all fields of an index selects one row": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.byRankOf, { tag: "a", rank: 3 })).toEqual(["three"]);
    expect(await t.query(api.ranges.byRankOf, { tag: "b", rank: 3 })).toEqual([]);
  },

  "rows without the indexed field come first": async (t) => {
    await t.mutation(api.notes.addMany, {
      notes: [{ text: "ranked", rank: -Infinity }, { text: "unranked" }],
    });
    expect(await t.query(api.ranges.inOrderOfRank, {})).toEqual(["unranked", "ranked"]);
    expect(await t.query(api.ranges.inOrderOfRank, { order: "desc" })).toEqual([
      "ranked",
      "unranked",
    ]);
  },

  "an index on a nested field works": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.byColour, { colour: "red" })).toEqual(["three", "untagged"]);
  },

  "without an index the order is that of creation": async (t) => {
    await fill(t);
    const expected = ["three", "other", "one", "five", "untagged", "two", "four"];
    expect(await t.query(api.ranges.inOrderOfCreation, {})).toEqual(expected);
    expect(await t.query(api.ranges.inOrderOfCreation, { order: "desc" })).toEqual(
      expected.toReversed(),
    );
  },

  "the built-in indexes by creation time and by id work": async (t) => {
    await fill(t);
    const notes = await t.query(api.notes.list, {});
    const two = notes.find((note) => note.text === "two");
    if (two === undefined) throw new Error("the note is missing");
    expect(await t.query(api.ranges.createdAfter, { time: two._creationTime })).toEqual(["four"]);
    expect(await t.query(api.ranges.withId, { id: two._id })).toEqual(["two"]);
  },

  "first answers the first row or null": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.first, { tag: "a" })).toBe("one");
    expect(await t.query(api.ranges.first, { tag: "a", order: "desc" })).toBe("five");
    expect(await t.query(api.ranges.first, { tag: "none" })).toBeNull();
  },

  "take answers as many rows as there are, up to the limit": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.take, { tag: "a", count: 2 })).toEqual(["one", "two"]);
    expect(await t.query(api.ranges.take, { tag: "b", count: 9 })).toEqual(["other"]);
    expect(await t.query(api.ranges.take, { tag: "a", count: 0 })).toEqual([]);
  },

  "unique answers one row or null, and refuses more": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.unique, { tag: "b" })).toBe("other");
    expect(await t.query(api.ranges.unique, { tag: "none" })).toBeNull();
    expect((await failure(t.query(api.ranges.unique, { tag: "a" }))).message).toMatch(/unique/i);
  },

  "a query can be iterated and left early": async (t) => {
    await fill(t);
    expect(await t.query(api.ranges.iterate, { tag: "a", until: "three" })).toEqual([
      "one",
      "two",
      "three",
    ]);
    expect(await t.query(api.ranges.iterate, { tag: "a", until: "never" })).toHaveLength(5);
  },

  "a range that skips a field of the index is refused": async (t) => {
    await fill(t);
    await failure(t.query(api.ranges.skipsAField, {}));
  },

  "an index that the schema does not name is refused": async (t) => {
    await failure(t.query(api.ranges.noSuchIndex, {}));
  },
} satisfies Topic;

const args = (bounds: {
  tag: string;
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
  order?: "asc" | "desc";
}) => bounds;
