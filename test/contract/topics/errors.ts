/** Errors on their way to the client. */
import { ConvexError } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { convexErrorData, failure } from "../support/failure.ts";

/** Data of every shape that an error may carry. */
const samples = [
  { kind: "duplicate", machineId: "web-1", at: [1, null] },
  "only a text",
  7,
  null,
  { big: 12n, bytes: new Uint8Array([1, 2]).buffer, special: [NaN, -0] },
];

export const errors = {
  "a ConvexError brings its data from every kind of function": async (t) => {
    for (const data of samples) {
      expect(await convexErrorData(t.query(api.failures.queryConvexError, { data }))).toEqual(data);
      expect(await convexErrorData(t.mutation(api.failures.mutationConvexError, { data }))).toEqual(
        data,
      );
      expect(await convexErrorData(t.action(api.failures.actionConvexError, { data }))).toEqual(
        data,
      );
    }
  },

  "a ConvexError brings its data through nested calls": async (t) => {
    for (const data of samples) {
      expect(await convexErrorData(t.query(api.failures.throughQuery, { data }))).toEqual(data);
      expect(await convexErrorData(t.mutation(api.failures.throughMutation, { data }))).toEqual(
        data,
      );
      expect(await convexErrorData(t.action(api.failures.throughAction, { data }))).toEqual(data);
    }
  },

  "whoever catches a nested ConvexError sees its data": async (t) => {
    for (const data of samples) {
      expect(await t.mutation(api.failures.caughtInMutation, { data })).toEqual(data);
      expect(await t.action(api.failures.caughtInAction, { data })).toEqual(data);
    }
  },

  "a plain error brings its message and is no ConvexError": async (t) => {
    const message = "web-1 has no disk";
    for (const call of [
      () => t.query(api.failures.queryPlainError, { message }),
      () => t.mutation(api.failures.mutationPlainError, { message }),
      () => t.action(api.failures.actionPlainError, { message }),
    ]) {
      const error = await failure(call());
      expect(error.message).toContain(message);
      expect(error).not.toBeInstanceOf(ConvexError);
    }
  },

  "the message of a plain error says who failed and how": async (t) => {
    const error = await failure(t.mutation(api.failures.mutationPlainError, { message: "no" }));
    expect(error.message).toMatch(/^\[Request ID: [0-9a-f]{16}\] Server Error\n/);
    expect(error.message).toContain("Uncaught TypeError: no");
    const [frame, ...others] = error.message.split("\n").slice(2);
    expect(frame).toMatch(/^ {4}at handler \(\.\.\/convex\/failures\.ts:\d+:\d+\)$/);
    expect(others.filter((line) => line.includes(" at "))).toEqual([]);
  },

  "a function that does not exist cannot be called": async (t) => {
    const nowhere = makeFunctionReference<"query", Record<string, never>>("notes:nowhere");
    await failure(t.query(nowhere, {}));
    const noModule = makeFunctionReference<"mutation", Record<string, never>>("nowhere:list");
    await failure(t.mutation(noModule, {}));
  },

  "a function cannot be called as another kind": async (t) => {
    const asQuery = makeFunctionReference<"query", { text: string }>("notes:add");
    await failure(t.query(asQuery, { text: "no" }));
    const asMutation = makeFunctionReference<"mutation", Record<string, never>>("notes:list");
    await failure(t.mutation(asMutation, {}));
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },

  "an internal function cannot be called from outside": async (t) => {
    const hidden = makeFunctionReference<"mutation", { log: string; step: string }>(
      "steps:addInternal",
    );
    const call = t.mutation(hidden, { log: "internal", step: "no" });
    expect((await failure(call)).message).toContain(
      "Could not find public function for 'steps:addInternal'",
    );
    expect(await t.query(api.steps.of, { log: "internal" })).toEqual([]);
  },
} satisfies Topic;
