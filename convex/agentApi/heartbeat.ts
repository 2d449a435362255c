/** POST /agent/v1/heartbeat: a sign of life, or up to a hundred that were kept while the network was away. */
import { v, type Infer } from "convex/values";
import { parseHeartbeats } from "../../core/agentApi.ts";
import { internal } from "../_generated/api.js";
import { internalMutation } from "../functions.ts";
import { authenticate } from "../model/credentials.ts";
import * as Pulses from "../model/pulses.ts";
import { vGauges, vMetrics } from "../validators.ts";
import { refusals, type Refusal } from "./answers.ts";
import { agentEndpoint, vCredential } from "./respond.ts";

export const heartbeat = agentEndpoint({
  parse: parseHeartbeats,
  record: async (ctx, credential, heartbeats): Promise<Answer | Refusal> =>
    await ctx.runMutation(internal.agentApi.heartbeat.record, { credential, heartbeats }),
});

const vHeartbeat = v.object({
  timestamp: v.optional(v.number()),
  sequence: v.optional(v.number()),
  bootId: v.optional(v.string()),
  version: v.optional(v.string()),
  assistantCount: v.optional(v.number()),
  gauges: v.optional(vGauges),
  metrics: v.optional(vMetrics),
});

const vAnswer = v.object({
  kind: v.literal("recorded"),
  status: v.literal("online"),
  nextHeartbeatMs: v.number(),
  serverTime: v.number(),
  clockSkewMs: v.union(v.number(), v.null()),
});
type Answer = Infer<typeof vAnswer>;

/** Authenticates and records in one transaction; nothing else is on the way. */
export const record = internalMutation({
  args: { credential: vCredential, heartbeats: v.array(vHeartbeat) },
  returns: v.union(vAnswer, ...refusals),
  handler: async (ctx, { credential, heartbeats }) => {
    const caller = await authenticate(ctx, credential);
    if (caller.kind !== "known") return caller;
    const now = Date.now();
    const outcome = await Pulses.beat(ctx, { ...caller, heartbeats, now });
    return outcome.kind === "recorded"
      ? { ...outcome, status: "online" as const, serverTime: now }
      : outcome;
  },
});
