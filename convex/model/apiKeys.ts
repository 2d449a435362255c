/** API keys: made and revoked by people, used by scripts. Only a key's hash is kept. */
import { isKey, keyHint, keyPrefixes } from "../../core/keys.ts";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { ApiAccess } from "../validators.ts";
import type { Member } from "./access.ts";
import { sha256Hex } from "./credentials.ts";
import { fail } from "./fail.ts";
import { parseDuration, parseName } from "./texts.ts";

const MAX_KEYS = 100;
const LIFETIME_LIMITS_MS = { min: HOUR, max: 5 * 365 * DAY };

/** When a key was last used is for people: every few minutes is enough, and a busy script writes little. */
const TOUCH_INTERVAL_MS = 5 * MINUTE;

/** The key with this SHA-256 (hex), or null where there is none that is still valid. Remembers, coarsely, that it was used. */
export async function authenticate(
  ctx: MutationCtx,
  { keyHash, now }: { keyHash: string; now: number },
): Promise<Doc<"apiKeys"> | null> {
  const key = await ctx.db
    .query("apiKeys")
    .withIndex("by_keyHash", (q) => q.eq("keyHash", keyHash))
    .unique();
  if (key === null || (key.expiresAt ?? Infinity) <= now) return null;
  if (now - (key.lastUsedAt ?? 0) >= TOUCH_INTERVAL_MS) {
    await ctx.db.patch("apiKeys", key._id, { lastUsedAt: now });
  }
  return key;
}

/** Keeps the hash of a key that the browser made. Without a lifetime it is good until it is revoked. */
export async function create(
  ctx: MutationCtx,
  {
    member,
    key,
    name,
    access,
    lifetimeMs,
  }: {
    member: Member;
    key: string;
    name: string;
    access: ApiAccess;
    lifetimeMs?: number | undefined;
  },
): Promise<Id<"apiKeys">> {
  const { workspaceId, user } = member;
  if (!isKey("api", key)) {
    const message = `The key must be ${keyPrefixes.api} and a nanoid of 32 characters or more.`;
    fail({ kind: "invalid", field: "key", message });
  }
  if ((await ofWorkspace(ctx, workspaceId)).length >= MAX_KEYS) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_KEYS} API keys.` });
  }
  const lifetime = { field: "lifetimeMs", ...LIFETIME_LIMITS_MS };
  return await ctx.db.insert("apiKeys", {
    workspaceId,
    name: parseName(name),
    keyHash: await sha256Hex(key),
    hint: keyHint(key),
    access,
    createdBy: user._id,
    ...(lifetimeMs === undefined
      ? {}
      : { expiresAt: Date.now() + parseDuration(lifetimeMs, lifetime) }),
  });
}

export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"apiKeys">[]> {
  return await ctx.db
    .query("apiKeys")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_KEYS);
}

/** At once. Somebody else's key does not exist. */
export async function revoke(
  ctx: MutationCtx,
  { member, apiKeyId }: { member: Member; apiKeyId: Id<"apiKeys"> },
): Promise<void> {
  const key = await ctx.db.get("apiKeys", apiKeyId);
  if (key?.workspaceId !== member.workspaceId) {
    fail({ kind: "notFound", message: "There is no such API key." });
  }
  await ctx.db.delete("apiKeys", apiKeyId);
}
