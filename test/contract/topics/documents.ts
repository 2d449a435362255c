/** Insert, get, patch, replace, delete, and what a failed mutation leaves behind. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

export const documents = {
  "an inserted document is read back with its system fields": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", rank: 1.5 });
    expect(await t.query(api.notes.read, { id })).toEqual({
      _id: id,
      _creationTime: expect.any(Number) as number,
      text: "one",
      rank: 1.5,
    });
  },

  "get with and without the table's name answers the same": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one" });
    expect(await t.query(api.notes.readById, { id })).toEqual(
      await t.query(api.notes.read, { id }),
    );
  },

  "creation times grow within one mutation": async (t) => {
    const notes = ["a", "b", "c"].map((text) => ({ text }));
    await t.mutation(api.notes.addMany, { notes });
    const times = (await t.query(api.notes.list, {})).map((note) => note._creationTime);
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  },

  "patch changes the named fields and keeps the others": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", tag: "kept", rank: 1 });
    const before = await t.query(api.notes.read, { id });
    await t.mutation(api.notes.change, { id, fields: { text: "two" } });
    expect(await t.query(api.notes.read, { id })).toEqual({ ...before, text: "two" });
  },

  "patch replaces a nested object as a whole": async (t) => {
    const meta = { colour: "red", size: 3 };
    const id = await t.mutation(api.notes.add, { text: "one", meta });
    await t.mutation(api.notes.change, { id, fields: { meta: { colour: "blue" } } });
    expect((await t.query(api.notes.read, { id }))?.meta).toEqual({ colour: "blue" });
  },

  "patch with undefined removes the field": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", tag: "gone", rank: 1 });
    await t.mutation(api.notes.change, { id, fields: {}, clear: ["tag"] });
    const note = await t.query(api.notes.read, { id });
    expect(Object.keys(note ?? {}).sort()).toEqual(["_creationTime", "_id", "rank", "text"]);
  },

  "patch takes the document's own system fields and refuses others": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one" });
    const other = await t.mutation(api.notes.add, { text: "other" });
    const note = await t.query(api.notes.read, { id });
    await t.mutation(api.notes.change, { id, fields: { ...note, text: "two" } });
    expect((await t.query(api.notes.read, { id }))?.text).toBe("two");
    await failure(t.mutation(api.notes.change, { id, fields: { _id: other } }));
    await failure(t.mutation(api.notes.change, { id, fields: { _creationTime: 1 } }));
  },

  "replace drops the fields that are not named": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", tag: "gone", rank: 1 });
    const before = await t.query(api.notes.read, { id });
    await t.mutation(api.notes.overwrite, { id, note: { text: "two" } });
    expect(await t.query(api.notes.read, { id })).toEqual({
      _id: id,
      _creationTime: before?._creationTime,
      text: "two",
    });
  },

  "a deleted document is gone from get and from every index": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", tag: "a", rank: 1 });
    await t.mutation(api.notes.remove, { id });
    expect(await t.query(api.notes.read, { id })).toBeNull();
    expect(await t.query(api.notes.list, {})).toEqual([]);
    expect(await t.query(api.ranges.byTag, { tag: "a" })).toEqual([]);
  },

  "patch, replace and delete of a document that is not there fail": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one" });
    await t.mutation(api.notes.remove, { id });
    await failure(t.mutation(api.notes.change, { id, fields: { text: "two" } }));
    await failure(t.mutation(api.notes.overwrite, { id, note: { text: "two" } }));
    await failure(t.mutation(api.notes.remove, { id }));
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },

  "a changed document moves in the indexes": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one", tag: "a", rank: 1 });
    await t.mutation(api.notes.change, { id, fields: { tag: "b" } });
    expect(await t.query(api.ranges.byTag, { tag: "a" })).toEqual([]);
    expect(await t.query(api.ranges.byTag, { tag: "b" })).toEqual(["one"]);
  },

  "a mutation reads its own writes, by id and by index": async (t) => {
    expect(await t.mutation(api.notes.writeAndLook, { tag: "own" })).toEqual({
      before: 0,
      inserted: ["fresh"],
      patched: ["patched"],
      moved: 0,
      gone: null,
    });
  },

  "a failed mutation leaves nothing behind": async (t) => {
    await failure(t.mutation(api.notes.addThenFail, { text: "one" }));
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },
} satisfies Topic;
