/** A mounted component, and function handles. The component is the official rate limiter. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { convexErrorData, eventually, failure } from "../support/failure.ts";

const key = "alice";

export const components = {
  "the rate limiter lets through what it should and then says when to retry": async (t) => {
    expect(await t.mutation(api.limits.limit, { key })).toMatchObject({ ok: true });
    expect(await t.mutation(api.limits.limit, { key })).toMatchObject({ ok: true });
    const refused = await t.mutation(api.limits.limit, { key });
    expect(refused.ok).toBe(false);
    expect(refused.retryAfter).toBeGreaterThan(0);
    await t.mutation(api.limits.reset, { key });
  },

  "keys are limited apart": async (t) => {
    await t.mutation(api.limits.limit, { key });
    await t.mutation(api.limits.limit, { key });
    expect((await t.mutation(api.limits.limit, { key: "bob" })).ok).toBe(true);
    await t.mutation(api.limits.reset, { key });
    await t.mutation(api.limits.reset, { key: "bob" });
  },

  "a check uses nothing up, and a reset gives back": async (t) => {
    for (let turn = 0; turn < 4; turn += 1) {
      expect((await t.query(api.limits.check, { key })).ok).toBe(true);
    }
    await t.mutation(api.limits.limit, { key });
    await t.mutation(api.limits.limit, { key });
    expect((await t.query(api.limits.check, { key })).ok).toBe(false);
    await t.mutation(api.limits.reset, { key });
    expect((await t.query(api.limits.check, { key })).ok).toBe(true);
  },

  "the limiter's error comes through with its data": async (t) => {
    await t.mutation(api.limits.limit, { key });
    await t.mutation(api.limits.limit, { key });
    expect(
      await convexErrorData(t.mutation(api.limits.limit, { key, throws: true })),
    ).toMatchObject({ kind: "RateLimited", name: "greet" });
    await t.mutation(api.limits.reset, { key });
  },

  "an action can use the component": async (t) => {
    expect((await t.action(api.limits.limitInAction, { key })).ok).toBe(true);
    await t.mutation(api.limits.reset, { key });
  },

  "what a component wrote is undone with the mutation that called it": async (t) => {
    await failure(t.mutation(api.limits.limitThenFail, { key }));
    await failure(t.mutation(api.limits.limitThenFail, { key }));
    await failure(t.mutation(api.limits.limitThenFail, { key }));
    expect((await t.mutation(api.limits.limit, { key })).ok).toBe(true);
    await t.mutation(api.limits.reset, { key });
  },

  "a function handle is a string by which a function can be called": async (t) => {
    const handle = await t.mutation(api.handles.make, {});
    expect(handle).toMatch(/^function:\/\//);
    const log = "handled";
    await t.mutation(api.handles.call, { handle, log, step: "from a mutation" });
    await t.action(api.handles.callFromAction, { handle, log, step: "from an action" });
    await t.mutation(api.handles.schedule, { handle, log, step: "later" });
    const steps = await eventually(
      () => t.query(api.steps.of, { log }),
      (all) => all.length === 3,
    );
    expect(steps).toEqual(["from a mutation", "from an action", "later"]);
  },
} satisfies Topic;
