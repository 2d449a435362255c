/** Ids: bound to a table, opaque, and checked. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

export const ids = {
  "normalizeId knows the ids of its table only": async (t) => {
    const note = await t.mutation(api.notes.add, { text: "one" });
    const link = await t.mutation(api.ids.link, { note });
    const normalize = (table: "notes" | "links", text: string) =>
      t.query(api.ids.normalize, { table, text });
    expect(await normalize("notes", note)).toBe(note);
    expect(await normalize("links", link)).toBe(link);
    expect(await normalize("notes", link)).toBeNull();
    expect(await normalize("links", note)).toBeNull();
    for (const text of ["", "nonsense", "'; drop table notes", note.slice(1)]) {
      expect(await normalize("links", text), text).toBeNull();
    }
  },

  "an id stays valid after its document is deleted": async (t) => {
    const id = await t.mutation(api.notes.add, { text: "one" });
    await t.mutation(api.notes.remove, { id });
    expect(await t.query(api.ids.normalize, { table: "notes", text: id })).toBe(id);
    expect(await t.query(api.notes.read, { id })).toBeNull();
  },

  "get with an id of another table is refused": async (t) => {
    const note = await t.mutation(api.notes.add, { text: "one" });
    const link = await t.mutation(api.ids.link, { note });
    await failure(t.query(api.ids.getNote, { id: link }));
    await failure(t.query(api.ids.getNote, { id: "nonsense" }));
  },

  "the schema refuses an id of another table": async (t) => {
    const note = await t.mutation(api.notes.add, { text: "one" });
    const link = await t.mutation(api.ids.link, { note });
    await failure(t.mutation(api.ids.linkUnchecked, { note: link }));
    await failure(t.mutation(api.ids.linkUnchecked, { note: "nonsense" }));
  },

  "ids are 31 to 37 characters of lower-case base32, and one changed character is noticed": async (
    t,
  ) => {
    const id = await t.mutation(api.notes.add, { text: "one" });
    expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{31,37}$/);
    const changed = `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
    expect(await t.query(api.ids.normalize, { table: "notes", text: changed })).toBeNull();
    expect(await t.query(api.ids.normalize, { table: "notes", text: `${id}0` })).toBeNull();
  },
} satisfies Topic;
