/** The installation's own key: signs what people may do without signing in. Made once, never leaves the server. */
import { nanoid } from "nanoid";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { isEqualInConstantTime } from "./credentials.ts";

const KEY_LENGTH = 43;

export async function ensure(ctx: MutationCtx): Promise<void> {
  if ((await find(ctx)) === null) await ctx.db.insert("signingKeys", { key: nanoid(KEY_LENGTH) });
}

export async function find(ctx: QueryCtx): Promise<string | null> {
  return (await ctx.db.query("signingKeys").first())?.key ?? null;
}

/** What proves that we said this: HMAC-SHA256 in hex. */
export async function sign(key: string, text: string): Promise<string> {
  const encode = (value: string) => new TextEncoder().encode(value);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", encode(key), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", imported, encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function isSigned(
  ctx: QueryCtx,
  { text, signature }: { text: string; signature: string },
): Promise<boolean> {
  const key = await find(ctx);
  return key !== null && isEqualInConstantTime(await sign(key, text), signature);
}
