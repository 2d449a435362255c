/** The key pair by which push services know this installation. Made once; only its public half leaves the server. */
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { pageUrl, siteUrl } from "./settings.ts";

/** Push services ask for a way to reach whoever sends, and refuse addresses that are none. */
const NO_CONTACT = "mailto:rollcall@example.com";

export interface Vapid {
  publicKey: string;
  privateKey: string;
  /** Whom a push service may write to: an address of ours. */
  subject: string;
}

export async function find(ctx: QueryCtx): Promise<Doc<"vapidKeys"> | null> {
  return await ctx.db.query("vapidKeys").first();
}

/** Keeps the pair unless there is one, and returns the public key in force: browsers are bound to the first. */
export async function keep(
  ctx: MutationCtx,
  keys: Pick<Vapid, "publicKey" | "privateKey">,
): Promise<string> {
  const kept = await find(ctx);
  if (kept !== null) return kept.publicKey;
  await ctx.db.insert("vapidKeys", keys);
  return keys.publicKey;
}

/** For a sender. */
export async function vapid(ctx: QueryCtx): Promise<Vapid | null> {
  const keys = await find(ctx);
  if (keys === null) return null;
  const contact = [pageUrl(), siteUrl()].find((url) => url?.startsWith("https://"));
  const { publicKey, privateKey } = keys;
  return { publicKey, privateKey, subject: contact ?? NO_CONTACT };
}
