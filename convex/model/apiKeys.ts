/** API keys as requests use them. People's side, making and revoking them, stands on the same table. */
import { MINUTE } from "../../core/time.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";

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
