/** Public functions on enrolment keys. */
import { v } from "convex/values";
import { adminMutation, adminQuery } from "./functions.ts";
import * as Enrolment from "./model/enrolment.ts";
import * as KeyMakers from "./model/keyMakers.ts";
import { vKeyMaker } from "./validators.ts";

/** Keeps the hash of a key that the browser made (`rce_` and a nanoid of 32 or more): nobody can read it again. */
export const createKey = adminMutation({
  args: {
    key: v.string(),
    name: v.string(),
    tags: v.optional(v.array(v.string())),
    heartbeatIntervalMs: v.optional(v.number()),
    offlineThresholdMs: v.optional(v.number()),
    lifetimeMs: v.optional(v.number()),
    maxMachines: v.optional(v.number()),
  },
  returns: v.object({ enrolmentKeyId: v.id("enrolmentKeys") }),
  handler: async (ctx, args) => ({
    enrolmentKeyId: await Enrolment.createKey(ctx, { member: ctx.member, ...args }),
  }),
});

/** Expired ones too, and those whose maker has left. `expiresAt` in ms since 1970; `lastUsedAt` is to five minutes. */
export const listKeys = adminQuery({
  args: {},
  returns: v.array(
    v.object({
      enrolmentKeyId: v.id("enrolmentKeys"),
      name: v.string(),
      hint: v.string(),
      tags: v.array(v.string()),
      createdAt: v.number(),
      createdBy: vKeyMaker,
      expiresAt: v.number(),
      maxMachines: v.number(),
      machines: v.number(),
      lastUsedAt: v.union(v.number(), v.null()),
    }),
  ),
  handler: async (ctx) => {
    const keys = await Enrolment.keysOf(ctx, ctx.member.workspaceId);
    return (await KeyMakers.withMakers(ctx, keys)).map(([key, createdBy]) => ({
      enrolmentKeyId: key._id,
      name: key.name,
      hint: key.hint,
      tags: key.tags,
      createdAt: key._creationTime,
      createdBy,
      expiresAt: key.expiresAt,
      maxMachines: key.maxMachines,
      machines: key.machines,
      lastUsedAt: key.lastUsedAt ?? null,
    }));
  },
});

/** At once. Machines that it enrolled keep their own tokens. */
export const revokeKey = adminMutation({
  args: { enrolmentKeyId: v.id("enrolmentKeys") },
  returns: v.null(),
  handler: async (ctx, { enrolmentKeyId }) => {
    const key = await Enrolment.getKey(ctx, { member: ctx.member, keyId: enrolmentKeyId });
    await ctx.db.delete("enrolmentKeys", key._id);
    return null;
  },
});
