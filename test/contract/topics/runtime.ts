/** What functions find around them, and what a transaction may not do. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

export const runtime = {
  "the clock stands still in a transaction": async (t) => {
    expect(await t.query(api.clock.movesInQuery, {})).toBe(false);
    expect(await t.mutation(api.clock.movesInMutation, {})).toBe(false);
  },

  "the clock runs in an action": async (t) => {
    expect(await t.action(api.clock.movesInAction, {})).toBe(true);
  },

  "a document is not created before its mutation began": async (t) => {
    const { first = 0, second = 0, now } = await t.mutation(api.clock.creationTime, {});
    expect(second).toBeGreaterThan(first);
    // The second may follow its elder by the least possible step, within the same millisecond.
    expect(Math.abs(first - now)).toBeLessThan(1000);
  },

  "two calls get different random numbers": async (t) => {
    const numbers = await Promise.all(
      [1, 2, 3, 4].map((salt) => t.query(api.clock.random, { salt })),
    );
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  },

  "queries and mutations may not fetch or wait": async (t) => {
    expect((await failure(t.query(api.clock.fetches, {}))).message).toMatch(/fetch/i);
    expect((await failure(t.mutation(api.clock.sleeps, {}))).message).toMatch(/setTimeout/);
  },

  "a promise that can never settle ends the function": async (t) => {
    const { message } = await failure(t.query(api.clock.neverSettles, {}));
    expect(message).toMatch(/never resolve/i);
    expect(await t.query(api.notes.list, {})).toEqual([]);
  },

  "queries have text, URL and copying tools": async (t) => {
    expect(await t.query(api.clock.textTools, {})).toEqual({
      bytes: 2,
      url: "c",
      clone: { deep: [1] },
      base64: "d2ViLTE=",
    });
  },
} satisfies Topic;
