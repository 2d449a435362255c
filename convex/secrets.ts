/** Public functions on the secrets of machines. The browser makes them; nothing here returns one. */
import { v } from "convex/values";
import { memberMutation } from "./functions.ts";
import * as Machines from "./model/machines.ts";
import * as Secrets from "./model/secrets.ts";

/** A new secret; the old one works on for `overlapMs` (default 24 h, 0 revokes it at once). Answers until when, or null. */
export const rotate = memberMutation({
  args: { machineId: v.string(), secret: v.string(), overlapMs: v.optional(v.number()) },
  returns: v.object({ previousExpiresAt: v.union(v.number(), v.null()) }),
  handler: async (ctx, { machineId, secret, overlapMs }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    return { previousExpiresAt: await Secrets.rotate(ctx, { machine, secret, overlapMs }) };
  },
});

/** `previous` ends a rotation early; `all` locks the machine out until it is given a new secret. */
export const revoke = memberMutation({
  args: { machineId: v.string(), which: v.union(v.literal("previous"), v.literal("all")) },
  returns: v.null(),
  handler: async (ctx, { machineId, which }) => {
    const machine = await Machines.get(ctx, { member: ctx.member, machineId });
    await (which === "all" ? Secrets.revokeAll : Secrets.revokePrevious)(ctx, machine);
    return null;
  },
});
