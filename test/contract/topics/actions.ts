/** Actions: no transaction of their own, and the platform of a browser. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Topic } from "../session.ts";
import { failure } from "../support/failure.ts";

const log = "acted";

export const actions = {
  "an action runs mutations and reads what they wrote": async (t) => {
    expect(await t.action(api.actions.writeAndRead, { log })).toEqual(["one", "two"]);
  },

  "what an action's mutations wrote stays when the action fails": async (t) => {
    await failure(t.action(api.actions.writeThenFail, { log }));
    expect(await t.query(api.steps.of, { log })).toEqual(["kept"]);
  },

  "an action can catch a failed mutation and go on": async (t) => {
    expect(await t.action(api.actions.mutationFailsCaught, { log })).toEqual(["caught"]);
  },

  "an action runs actions, also side by side": async (t) => {
    expect(await t.action(api.actions.actionInAction, { n: 3 })).toBe(14);
  },

  "an action has timers, cryptography, URLs and texts": async (t) => {
    expect(await t.action(api.actions.platform, {})).toEqual({
      sha256: "c4719afa76fa448b5eca99e6736885846501d17956f2fcb2de5c916d723f3a87",
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      url: "https://example.com/b?c=d",
      text: "round",
      response: '{"ok":true}',
    });
  },
} satisfies Topic;
