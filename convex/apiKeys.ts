/** Public functions on API keys. */
import { v } from "convex/values";
import { adminMutation, adminQuery } from "./functions.ts";
import * as ApiKeys from "./model/apiKeys.ts";
import { vApiAccess } from "./validators.ts";

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

/** Times in ms since 1970; `lastUsedAt` is to five minutes. */
export const list = adminQuery({
  args: {},
  returns: v.array(
    v.object({
      apiKeyId: v.id("apiKeys"),
      name: v.string(),
      hint: v.string(),
      access: vApiAccess,
      createdAt: v.number(),
      expiresAt: v.union(v.number(), v.null()),
      lastUsedAt: v.union(v.number(), v.null()),
    }),
  ),
  handler: async (ctx) => {
    const keys = await ApiKeys.ofWorkspace(ctx, ctx.member.workspaceId);
    return keys.map(({ _id, _creationTime, name, hint, access, expiresAt, lastUsedAt }) => ({
      apiKeyId: _id,
      name,
      hint,
      access,
      createdAt: _creationTime,
      expiresAt: expiresAt ?? null,
      lastUsedAt: lastUsedAt ?? null,
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
