/** POST /agent/v1/register: an agent says what it runs on. Repeated, it updates (S2.1). */
import { v, type Infer } from "convex/values";
import { parseBody, registerBody } from "../../core/agentApi.ts";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import { internalMutation } from "../functions.ts";
import { authenticate } from "../model/credentials.ts";
import * as Pulses from "../model/pulses.ts";
import * as RateLimits from "../model/rateLimits.ts";
import * as Versions from "../model/versions.ts";
import { vCapacity } from "../validators.ts";
import { refusals, registrationFields, type Refusal } from "./answers.ts";
import { agentEndpoint, vCredential } from "./respond.ts";

export const register = agentEndpoint({
  parse: (body) => parseBody(registerBody, body),
  record: async (ctx, credential, { bootId, metadata, ...facts }): Promise<Answer | Refusal> =>
    await ctx.runMutation(internal.agentApi.register.record, {
      credential,
      bootId,
      facts: {
        ...facts,
        ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
      },
    }),
});

const factFields = {
  hostname: v.string(),
  ipAddress: v.optional(v.string()),
  os: v.optional(v.string()),
  arch: v.optional(v.string()),
  version: v.optional(v.string()),
  rootDirectory: v.optional(v.string()),
  capacity: v.optional(vCapacity),
  metadata: v.optional(v.string()),
};

const vAnswer = v.object({ kind: v.literal("recorded"), ...registrationFields });
type Answer = Infer<typeof vAnswer>;

/** Registration is a sign of life too: the machine comes online with it. */
export const record = internalMutation({
  args: {
    credential: vCredential,
    bootId: v.optional(v.string()),
    facts: v.object(factFields),
  },
  returns: v.union(vAnswer, ...refusals),
  handler: async (ctx, { credential, bootId, facts }) => {
    const caller = await authenticate(ctx, credential);
    if (caller.kind !== "known") return caller;
    const now = Date.now();
    const retryAfterMs = await RateLimits.take(ctx, "registration", caller.machine._id);
    if (retryAfterMs !== null) return { kind: "rateLimited" as const, retryAfterMs };
    const machine = { ...caller.machine, ...facts };
    const outcome = await Pulses.register(ctx, { ...caller, machine, bootId, now });
    if (outcome.kind !== "recorded") return outcome;
    const { version, ...others } = facts;
    const isNoted = await Versions.note(ctx, { machine: caller.machine, version, at: now });
    const news = isNoted ? facts : others;
    if (!isKnown(caller.machine, news)) await ctx.db.patch("machines", machine._id, news);
    const { machineId, name } = machine;
    return { ...outcome, machineId, name, serverTime: now };
  },
});

/** The machine row is cold: an agent that starts again with nothing new leaves it alone. */
function isKnown(machine: Doc<"machines">, facts: Partial<Doc<"machines">>): boolean {
  return Object.entries(facts).every(
    ([field, value]) =>
      JSON.stringify(machine[field as keyof Doc<"machines">]) === JSON.stringify(value),
  );
}
