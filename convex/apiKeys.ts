/** Public functions on API keys. */
import { v } from "convex/values";
import { adminMutation, adminQuery } from "./functions.ts";
import * as ApiKeys from "./model/apiKeys.ts";
import * as KeyMakers from "./model/keyMakers.ts";
import { vApiAccess, vKeyMaker } from "./validators.ts";

/** Keeps the hash of a key that the browser made (`rck_` and a nanoid of 32 or more): nobody can read it again. */
export const create = adminMutation({
  args: {
    key: v.string(),
    name: v.string(),
    access: vApiAccess,
    lifetimeMs: v.optional(v.number()),
  },
  returns: v.object({ apiKeyId: v.id("apiKeys") }),
  handler: async (ctx, args) => ({
    apiKeyId: await ApiKeys.create(ctx, { member: ctx.member, ...args }),
  }),
});

/** Times in ms since 1970; `lastUsedAt` is to five minutes. Keys stay when their maker leaves. */
export const list = adminQuery({
  args: {},
  returns: v.array(
    v.object({
      apiKeyId: v.id("apiKeys"),
      name: v.string(),
      hint: v.string(),
      access: vApiAccess,
      createdAt: v.number(),
      createdBy: vKeyMaker,
      expiresAt: v.union(v.number(), v.null()),
      lastUsedAt: v.union(v.number(), v.null()),
    }),
  ),
  handler: async (ctx) => {
    const keys = await ApiKeys.ofWorkspace(ctx, ctx.member.workspaceId);
    return (await KeyMakers.withMakers(ctx, keys)).map(([key, createdBy]) => ({
      apiKeyId: key._id,
      name: key.name,
      hint: key.hint,
      access: key.access,
      createdAt: key._creationTime,
      createdBy,
      expiresAt: key.expiresAt ?? null,
      lastUsedAt: key.lastUsedAt ?? null,
    }));
  },
});

/** At once. */
export const revoke = adminMutation({
  args: { apiKeyId: v.id("apiKeys") },
  returns: v.null(),
  handler: async (ctx, { apiKeyId }) => {
    await ApiKeys.revoke(ctx, { member: ctx.member, apiKeyId });
    return null;
  },
});
