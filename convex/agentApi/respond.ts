/** The endpoints of machines that have a token: how it is read, and what is noted when it is wrong. */
import type { PublicHttpAction } from "convex/server";
import { v, type Infer } from "convex/values";
import type { Parsed } from "../../core/agentApi.ts";
import { parseAuthorization } from "../../core/token.ts";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { internalMutation, internalQuery } from "../functions.ts";
import { authenticate, sha256Hex } from "../model/credentials.ts";
import * as RateLimits from "../model/rateLimits.ts";
import * as Refusals from "../model/refusals.ts";
import { vRefusalKind } from "../validators.ts";
import type { Refusal } from "./answers.ts";
import { endpoint } from "./endpoint.ts";

/** The token as it travels inside: the secret has become its hash. */
export const vCredential = v.object({ machineId: v.string(), secretHash: v.string() });
export type Credential = Infer<typeof vCredential>;

/** Stands in for a token that is missing or malformed, so that its refusal takes the same way as that of a wrong one. */
const NO_TOKEN = { machineId: "", secret: "" };

const REFUSAL_MESSAGES = { wrongSecret: "The secret is wrong." };

/** `parse` reads the body, `record` stores it in one mutation; what that answers is what the agent is told. */
export function agentEndpoint<Body, Answer extends { kind: string }>({
  parse,
  record,
}: {
  parse: (body: unknown) => Parsed<Body>;
  record: (ctx: ActionCtx, credential: Credential, body: Body) => Promise<Answer | Refusal>;
}): PublicHttpAction {
  return endpoint<Credential, Body, Answer>({
    credentialOf: async (request) => {
      const token = parseAuthorization(request.headers.get("authorization")) ?? NO_TOKEN;
      return { machineId: token.machineId, secretHash: await sha256Hex(token.secret) };
    },
    parse,
    record,
    check: async (ctx, credential) => {
      const caller = await ctx.runQuery(internal.agentApi.respond.check, { credential });
      return caller === "known" ? null : { kind: caller };
    },
    noteRefusal: async (ctx, { machineId }, what) =>
      await ctx.runMutation(internal.agentApi.respond.noteRefusal, {
        machineId,
        kind: what.kind,
        message: what.kind === "badBody" ? what.message : REFUSAL_MESSAGES[what.kind],
      }),
  });
}

/** Whether a token is good, for requests that fail for another reason as well: nobody else learns what was wrong. */
export const check = internalQuery({
  args: { credential: vCredential },
  returns: v.union(v.literal("known"), v.literal("deleted"), v.literal("unauthorized")),
  handler: async (ctx, { credential }) => (await authenticate(ctx, credential)).kind,
});

/**
 * Remembers the refusal for the people who set the machine up, if there is such a machine. Answers how long (ms) an
 * address that only guesses has to wait. Known and unknown machines take the same way.
 */
export const noteRefusal = internalMutation({
  args: { machineId: v.string(), kind: vRefusalKind, message: v.string() },
  returns: v.union(v.number(), v.null()),
  handler: async (ctx, refusal) => {
    if (refusal.kind === "wrongSecret") {
      const retryAfterMs = await RateLimits.takeByAddress(ctx, "refusalByAddress");
      if (retryAfterMs !== null) return retryAfterMs;
    }
    const isFlood = (await RateLimits.take(ctx, "refusalNote")) !== null;
    if (!isFlood) await Refusals.note(ctx, refusal);
    return null;
  },
});
