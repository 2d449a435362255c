/** POST /agent/v1/enrol: a machine adds itself with an enrolment key, and goes on with its own token (S0.2). */
import { v, type Infer } from "convex/values";
import { enrolBody, parseBody } from "../../core/agentApi.ts";
import { parseKeyHeader } from "../../core/keys.ts";
import { internal } from "../_generated/api.js";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Audit from "../model/audit.ts";
import { sha256Hex } from "../model/credentials.ts";
import * as Enrolment from "../model/enrolment.ts";
import * as RateLimits from "../model/rateLimits.ts";
import { timingFor } from "../model/settings.ts";
import { refusals, registrationFields, type Refusal } from "./answers.ts";
import { endpoint } from "./endpoint.ts";

export const enrol = endpoint({
  credentialOf: async (request) => {
    const key = parseKeyHeader("enrolment", request.headers.get("authorization"));
    return await sha256Hex(key ?? "");
  },
  parse: (body) => parseBody(enrolBody, body),
  record: async (ctx, keyHash, enrolment): Promise<Answer | Refusal> =>
    await ctx.runMutation(internal.agentApi.enrol.record, { keyHash, enrolment }),
  check: async (ctx, keyHash): Promise<Refusal | null> =>
    (await ctx.runQuery(internal.agentApi.enrol.check, { keyHash }))
      ? null
      : { kind: "unauthorized" },
  noteRefusal: async (ctx, _keyHash, what) =>
    what.kind === "badBody" ? null : await RateLimits.takeByAddress(ctx, "refusalByAddress"),
  unauthorized:
    "Send the header Authorization: Bearer rce_… with an enrolment key that has not expired and has machines left.",
});

const vAnswer = v.object({ kind: v.literal("enrolled"), ...registrationFields });
type Answer = Infer<typeof vAnswer>;

export const record = internalMutation({
  args: {
    keyHash: v.string(),
    enrolment: v.object({
      machineId: v.string(),
      secretHash: v.string(),
      instanceId: v.optional(v.string()),
      name: v.optional(v.string()),
      hostname: v.optional(v.string()),
    }),
  },
  returns: v.union(vAnswer, ...refusals),
  handler: async (ctx, { keyHash, enrolment }) => {
    const now = Date.now();
    const key = await Enrolment.findKey(ctx, { keyHash, now });
    if (key === null) return { kind: "unauthorized" as const };
    const retryAfterMs =
      (await RateLimits.takeByAddress(ctx, "enrolmentByAddress")) ??
      (await RateLimits.take(ctx, "enrolment", key._id));
    if (retryAfterMs !== null) return { kind: "rateLimited" as const, retryAfterMs };
    const { _id: id, name: keyName, workspaceId } = key;
    const actor = { kind: "enrolmentKey" as const, id, name: keyName };
    const deed = { actor, action: "agent.enrol", workspaceId };
    const outcome = await Audit.during(
      ctx,
      deed,
      async (watched) => await Enrolment.enrol(watched, { key, enrolment, now }),
    );
    if (outcome.kind !== "enrolled") return outcome;
    const { machineId, name } = outcome.machine;
    const { heartbeatIntervalMs } = timingFor(outcome.machine);
    return { kind: "enrolled" as const, machineId, name, heartbeatIntervalMs, serverTime: now };
  },
});

export const check = internalQuery({
  args: { keyHash: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { keyHash }) =>
    (await Enrolment.findKey(ctx, { keyHash, now: Date.now() })) !== null,
});
