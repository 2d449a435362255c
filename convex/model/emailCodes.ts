/** Codes that are sent by e-mail and come back as links: for an address to verify, for a password to reset. */
import { DAY, MINUTE } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { CodePurpose } from "../validators.ts";
import { fail } from "./fail.ts";

const lifetimesMs: Record<CodePurpose, number> = { verify: DAY, reset: 30 * MINUTE };
/** More than anybody has open: an earlier code is removed when a new one is made. */
const MAX_CODES = 20;

/** Keeps the SHA-256 of a code that an action made. Earlier codes for the same purpose stop working. */
export async function keep(
  ctx: MutationCtx,
  { user, purpose, codeHash }: { user: Doc<"users">; purpose: CodePurpose; codeHash: string },
): Promise<void> {
  await forget(ctx, { userId: user._id, purpose });
  await ctx.db.insert("emailCodes", {
    userId: user._id,
    purpose,
    codeHash,
    email: user.email ?? "",
    expiresAt: Date.now() + lifetimesMs[purpose],
  });
}

/** Whose code it is; it works once. Void as well when the account's address has changed since. */
export async function redeem(
  ctx: MutationCtx,
  { purpose, codeHash }: { purpose: CodePurpose; codeHash: string },
): Promise<Doc<"users">> {
  const code = await ctx.db
    .query("emailCodes")
    .withIndex("by_codeHash", (q) => q.eq("codeHash", codeHash))
    .unique();
  const user = code && (await ctx.db.get("users", code.userId));
  const isGood =
    code !== null &&
    user !== null &&
    code.purpose === purpose &&
    code.expiresAt > Date.now() &&
    user.email === code.email &&
    user.deletedAt === undefined;
  if (!isGood) {
    const message = "This link was used, has expired or is not one of ours. Ask for a new one.";
    return fail({ kind: "notFound", message });
  }
  await forget(ctx, { userId: user._id, purpose });
  return user;
}

async function forget(
  ctx: MutationCtx,
  { userId, purpose }: { userId: Id<"users">; purpose: CodePurpose },
): Promise<void> {
  const codes = await ctx.db
    .query("emailCodes")
    .withIndex("by_userId_and_purpose", (q) => q.eq("userId", userId).eq("purpose", purpose))
    .take(MAX_CODES);
  for (const { _id } of codes) await ctx.db.delete("emailCodes", _id);
}
