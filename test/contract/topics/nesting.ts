/** Functions that call functions inside one transaction. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Session, Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

const log = "nested";
const steps = (t: Session) => t.query(api.steps.of, { log });

export const nesting = {
  "a query inside a query reads the same data": async (t) => {
    await t.mutation(api.steps.add, { log, step: "one" });
    expect(await t.query(api.nesting.queryInQuery, { log })).toEqual(["one"]);
  },

  "a query inside a mutation sees what the mutation wrote": async (t) => {
    expect(await t.mutation(api.nesting.queryInMutation, { log })).toEqual(["parent"]);
  },

  "a mutation inside a mutation is part of it": async (t) => {
    const expected = ["before", "child", "after"];
    expect(await t.mutation(api.nesting.mutationInMutation, { log })).toEqual(expected);
    expect(await steps(t)).toEqual(expected);
  },

  "a failed child that is caught undoes only its own writes": async (t) => {
    const expected = ["before", "caught"];
    expect(await t.mutation(api.nesting.childFailsCaught, { log })).toEqual(expected);
    expect(await steps(t)).toEqual(expected);
  },

  "a failed child that is not caught undoes everything": async (t) => {
    const { message } = await failure(t.mutation(api.nesting.childFailsUncaught, { log }));
    expect(message).toContain("failed at child");
    expect(await steps(t)).toEqual([]);
  },

  "a parent that fails afterwards undoes its children": async (t) => {
    await failure(t.mutation(api.nesting.parentFailsAfterChild, { log }));
    expect(await steps(t)).toEqual([]);
  },

  "each level of nesting is undone alone": async (t) => {
    const expected = ["outer", "middle", "middle caught"];
    expect(await t.mutation(api.nesting.threeDeep, { log })).toEqual(expected);
    expect(await steps(t)).toEqual(expected);
  },

  "undoing a child brings back what it patched and deleted, also in indexes": async (t) => {
    expect(await t.mutation(api.nesting.childUndoesEdits, {})).toEqual({
      first: [],
      parent: [["kept", 1]],
      child: [],
    });
    expect(await t.query(api.ranges.byTag, { tag: "parent" })).toEqual(["kept"]);
  },

  "the arguments of a nested call are validated": async (t) => {
    await failure(t.mutation(api.nesting.wrongArguments, { log }));
    expect(await steps(t)).toEqual([]);
  },
} satisfies Topic;
