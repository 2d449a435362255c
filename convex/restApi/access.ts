/** Who calls the REST API, and whether they may: one mutation ahead of every request with a key. */
import { v, type Infer } from "convex/values";
import { parseKeyHeader } from "../../core/keys.ts";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { internalMutation } from "../functions.ts";
import * as ApiKeys from "../model/apiKeys.ts";
import { sha256Hex } from "../model/credentials.ts";
import * as RateLimits from "../model/rateLimits.ts";
import { vApiAccess } from "../validators.ts";
import { Refused } from "./refused.ts";

/** Whom the audit log names. */
export const vKey = v.object({ id: v.string(), name: v.string() });

const vCaller = v.object({
  kind: v.literal("admitted"),
  workspaceId: v.id("workspaces"),
  key: vKey,
});
export type Caller = Infer<typeof vCaller>;

const vAdmission = v.union(
  vCaller,
  v.object({ kind: v.literal("unauthorized") }),
  v.object({ kind: v.literal("forbidden") }),
  v.object({ kind: v.literal("rateLimited"), retryAfterMs: v.number() }),
);
type Admission = Infer<typeof vAdmission>;

/** @throws Refused where the key is missing, wrong, too weak or used too often. */
export async function admit(
  ctx: ActionCtx,
  request: Request,
  access: "read" | "write",
): Promise<Caller> {
  const key = parseKeyHeader("api", request.headers.get("authorization"));
  const keyHash = await sha256Hex(key ?? "");
  const admission: Admission = await ctx.runMutation(internal.restApi.access.check, {
    keyHash,
    access,
  });
  switch (admission.kind) {
    case "admitted":
      return admission;
    case "forbidden":
      throw new Refused("forbidden");
    case "rateLimited":
      throw new Refused("rateLimited", { retryAfterMs: admission.retryAfterMs });
    case "unauthorized": {
      const retryAfterMs = await RateLimits.takeByAddress(ctx, "refusalByAddress");
      if (retryAfterMs !== null) throw new Refused("rateLimited", { retryAfterMs });
      throw new Refused("unauthorized");
    }
    default:
      return admission satisfies never;
  }
}

/** A wrong key writes nothing; a right one is counted. */
export const check = internalMutation({
  args: { keyHash: v.string(), access: vApiAccess },
  returns: vAdmission,
  handler: async (ctx, { keyHash, access }): Promise<Admission> => {
    const key = await ApiKeys.authenticate(ctx, { keyHash, now: Date.now() });
    if (key === null) return { kind: "unauthorized" };
    if (access === "write" && key.access !== "write") return { kind: "forbidden" };
    const retryAfterMs = await RateLimits.take(ctx, "restApi", key._id);
    if (retryAfterMs !== null) return { kind: "rateLimited", retryAfterMs };
    const { _id: id, name, workspaceId } = key;
    return { kind: "admitted", workspaceId, key: { id, name } };
  },
});
