/** `ctx.auth`: who calls, and who does not. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import { ISSUER, type Topic } from "../session.ts";
import { eventually } from "../support/failure.ts";

const alice = { subject: "alice", name: "Alice", email: "alice@example.com", team: "owners" };

export const identity = {
  "nobody is signed in at first": async (t) => {
    expect(await t.query(api.identity.inQuery, {})).toBeNull();
    expect(await t.mutation(api.identity.inMutation, {})).toBeNull();
    expect(await t.action(api.identity.inAction, {})).toBeNull();
  },

  "every kind of function sees the claims of the caller": async (t) => {
    const expected = { ...alice, issuer: ISSUER, tokenIdentifier: `${ISSUER}|alice` };
    const session = t.as(alice);
    expect(await session.query(api.identity.inQuery, {})).toMatchObject(expected);
    expect(await session.mutation(api.identity.inMutation, {})).toMatchObject(expected);
    expect(await session.action(api.identity.inAction, {})).toMatchObject(expected);
  },

  "callers do not mix": async (t) => {
    const bob = t.as({ subject: "bob" });
    const [one, two, three] = await Promise.all([
      t.as(alice).query(api.identity.inQuery, {}),
      bob.query(api.identity.inQuery, {}),
      t.query(api.identity.inQuery, {}),
    ]);
    expect(one).toMatchObject({ subject: "alice" });
    expect(two).toMatchObject({ subject: "bob" });
    expect(three).toBeNull();
  },

  "nested functions see the same caller": async (t) => {
    expect(await t.as(alice).mutation(api.identity.nestedInMutation, {})).toBe("alice");
    expect(await t.as(alice).action(api.identity.nestedInAction, {})).toBe("alice");
  },

  "a scheduled function has no caller": async (t) => {
    await t.as(alice).mutation(api.identity.writeSubjectLater, { log: "subject" });
    const steps = await eventually(
      () => t.query(api.steps.of, { log: "subject" }),
      (all) => all.length > 0,
    );
    expect(steps).toEqual(["nobody"]);
  },
} satisfies Topic;
