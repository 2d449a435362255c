/** Environment variables. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import { GREETING, type Topic } from "../session.ts";

export const environment = {
  "functions read the deployment's variables": async (t) => {
    const name = "CONTRACT_GREETING";
    expect(await t.query(api.environment.inQuery, { name })).toBe(GREETING);
    expect(await t.action(api.environment.inAction, { name })).toBe(GREETING);
    expect(await t.query(api.environment.typed, {})).toEqual({
      greeting: GREETING,
      neverSet: null,
    });
  },

  "a variable that is not set is undefined": async (t) => {
    const name = "CONTRACT_NEVER_SET";
    expect(await t.query(api.environment.inQuery, { name })).toBeNull();
    expect(await t.action(api.environment.inAction, { name })).toBeNull();
  },

  "the deployment tells its own addresses": async (t) => {
    for (const name of ["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]) {
      expect(await t.query(api.environment.inQuery, { name }), name).toMatch(/^http/);
      expect(await t.action(api.environment.inAction, { name }), name).toMatch(/^http/);
    }
  },

  "functions do not see the environment of the process that runs them": async (t) => {
    expect(await t.query(api.environment.inQuery, { name: "PATH" })).toBeNull();
    expect(await t.action(api.environment.inAction, { name: "PATH" })).toBeNull();
  },
} satisfies Topic;
