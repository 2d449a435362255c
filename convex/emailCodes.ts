/** Public functions on links that are sent by e-mail: to verify an address, and to set a new password. */
import { invalidateSessions, modifyAccountCredentials } from "@convex-dev/auth/server";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { DataModel, Id } from "./_generated/dataModel.js";
import type { ActionCtx } from "./_generated/server.js";
import { internalMutation, publicAction, userAction } from "./functions.ts";
import * as Accounts from "./model/accounts.ts";
import { sha256Hex } from "./model/credentials.ts";
import * as EmailCodes from "./model/emailCodes.ts";
import { fail } from "./model/fail.ts";
import * as PasswordAccounts from "./model/passwordAccounts.ts";
import * as Passwords from "./model/passwords.ts";
import * as RateLimits from "./model/rateLimits.ts";
import { canSendMail } from "./model/settings.ts";
import { parseEmail } from "./model/texts.ts";
import { type CodePurpose, vCodePurpose } from "./validators.ts";

const CODE_BYTES = 24;

/** Sends a link to set a new password, if there is an account with one. Who asks is not told whether there is. */
export const requestReset = publicAction({
  args: { email: v.string(), language: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    await RateLimits.useByAddress(ctx, "signInByAddress");
    await sendCode(ctx, { ...args, email: parseEmail(args.email), purpose: "reset" });
    return null;
  },
});

/** Sends a link to verify the caller's own address. */
export const requestVerification = userAction({
  args: { language: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    await sendCode(ctx, { ...args, email: ctx.caller.email, purpose: "verify" });
    return null;
  },
});

/** With the code of a link. Ends all sessions, since whoever forgot a password may have lost it to somebody. */
export const resetPassword = publicAction({
  args: { code: v.string(), newPassword: v.string() },
  returns: v.null(),
  handler: async (ctx, { code, newPassword }) => {
    await RateLimits.useByAddress(ctx, "signInByAddress");
    await RateLimits.use(ctx, "passwordHash");
    const password = PasswordAccounts.parseNewPassword(newPassword, "newPassword");
    const { userId, email } = await redeemCode(ctx, { code, purpose: "reset" });
    const secret = await Passwords.hashPassword(password, Passwords.newParameters());
    const provider = Accounts.PASSWORD_PROVIDER;
    await modifyAccountCredentials<DataModel>(ctx, { provider, account: { id: email, secret } });
    await invalidateSessions<DataModel>(ctx, { userId });
    const action = "accounts.resetPassword";
    await ctx.runMutation(internal.accounts.noteDeed, { userId, action });
    return null;
  },
});

/** With the code of a link: the address is its account's. */
export const verify = publicAction({
  args: { code: v.string() },
  returns: v.null(),
  handler: async (ctx, { code }) => {
    await RateLimits.useByAddress(ctx, "signInByAddress");
    await redeemCode(ctx, { code, purpose: "verify" });
    return null;
  },
});

/** Answers whether there is somebody to send it to. */
export const keep = internalMutation({
  args: { email: v.string(), purpose: vCodePurpose, codeHash: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { email, ...code }) => {
    const user = await Accounts.findWithPassword(ctx, email);
    if (user === null) return false;
    await EmailCodes.keep(ctx, { user, ...code });
    return true;
  },
});

/** Either way whoever has the code can read the account's mail. */
export const redeem = internalMutation({
  args: { purpose: vCodePurpose, codeHash: v.string() },
  returns: v.object({ userId: v.id("users"), email: v.string() }),
  handler: async (ctx, code) => {
    const user = await EmailCodes.redeem(ctx, code);
    await ctx.db.patch("users", user._id, { emailVerificationTime: Date.now() });
    return { userId: user._id, email: user.email ?? "" };
  },
});

async function sendCode(
  ctx: ActionCtx,
  {
    email,
    purpose,
    language = "en",
  }: { email: string; purpose: CodePurpose; language?: string | undefined },
): Promise<void> {
  if (!canSendMail()) {
    fail({ kind: "invalid", message: "This installation sends no mail (SMTP_URL)." });
  }
  await RateLimits.use(ctx, "accountMail", email);
  const code = newCode();
  const codeHash = await sha256Hex(code);
  const isKnown = await ctx.runMutation(internal.emailCodes.keep, { email, purpose, codeHash });
  if (!isKnown) return;
  // Not awaited: how long a mail server takes must not tell who has an account.
  await ctx.scheduler.runAfter(0, internal.notifiers.accountMail.send, {
    to: email,
    purpose,
    code,
    language,
  });
}

async function redeemCode(
  ctx: ActionCtx,
  { code, purpose }: { code: string; purpose: CodePurpose },
): Promise<{ userId: Id<"users">; email: string }> {
  const codeHash = await sha256Hex(code);
  return await ctx.runMutation(internal.emailCodes.redeem, { purpose, codeHash });
}

function newCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
