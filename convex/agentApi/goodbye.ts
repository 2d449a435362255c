/** POST /agent/v1/goodbye: a planned stop, which pages nobody unless the machine is not back when it said. */
import { v, type Infer } from "convex/values";
import { goodbyeBody, parseBody } from "../../core/agentApi.ts";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import { authenticate } from "../model/credentials.ts";
import * as Pulses from "../model/pulses.ts";
import * as RateLimits from "../model/rateLimits.ts";
import { vStopReason } from "../validators.ts";
import { refusals, type Refusal } from "./answers.ts";
import { agentEndpoint, vCredential } from "./respond.ts";

export const goodbye = agentEndpoint({
  parse: (body) => parseBody(goodbyeBody, body),
  record: async (ctx, credential, body): Promise<Answer | Refusal> =>
    await ctx.runMutation(internal.agentApi.goodbye.record, { credential, goodbye: body }),
});

const vAnswer = v.object({ kind: v.literal("recorded"), status: v.literal("offline") });
type Answer = Infer<typeof vAnswer>;

export const record = internalMutation({
  args: {
    credential: vCredential,
    goodbye: v.object({ reason: vStopReason, expectedBackInMs: v.optional(v.number()) }),
  },
  returns: v.union(vAnswer, ...refusals),
  handler: async (ctx, { credential, ...args }) => {
    const caller = await authenticate(ctx, credential);
    if (caller.kind !== "known") return caller;
    const now = Date.now();
    const retryAfterMs = await RateLimits.take(ctx, "goodbye", caller.machine._id);
    if (retryAfterMs !== null) return { kind: "rateLimited" as const, retryAfterMs };
    const outcome = await Pulses.leave(ctx, { ...caller, ...args, now });
    return outcome.kind === "recorded"
      ? { kind: "recorded" as const, status: "offline" as const }
      : outcome;
  },
});
