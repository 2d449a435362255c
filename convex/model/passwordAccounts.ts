/** Accounts with a password, for the actions that sign in and that change them: hashing happens there, not in transactions. */
import { retrieveAccount } from "@convex-dev/auth/server";
import type { Value } from "convex/values";
import { internal } from "../_generated/api.js";
import type { DataModel, Id } from "../_generated/dataModel.js";
import type { ActionCtx } from "../_generated/server.js";
import * as Accounts from "./accounts.ts";
import { fail } from "./fail.ts";
import * as Passwords from "./passwords.ts";
import * as RateLimits from "./rateLimits.ts";

const MIN_PASSWORD_LENGTH = 8;
/** Long enough for any passphrase; short enough not to be an attack. */
const MAX_PASSWORD_LENGTH = 1_000;

/** Whose password this is. Unknown address and wrong password are one answer; only a locked account is told apart. */
export async function verify(
  ctx: ActionCtx,
  { email, password }: { email: string; password: string },
): Promise<Id<"users">> {
  await RateLimits.useByAddress(ctx, "signInByAddress");
  await RateLimits.use(ctx, "signIn", email);
  await RateLimits.use(ctx, "passwordHash");
  const parameters = await ctx.runQuery(internal.accounts.hashParameters, { email });
  const secret = await Passwords.hashPassword(password, parameters);
  try {
    const account = { id: email, secret };
    const provider = Accounts.PASSWORD_PROVIDER;
    const { user } = await retrieveAccount<DataModel>(ctx, { provider, account });
    return user._id;
  } catch (error) {
    return refuse(error);
  }
}

export function parsePassword(value: Value | undefined): string {
  if (typeof value !== "string" || value === "" || value.length > MAX_PASSWORD_LENGTH) {
    return fail({ kind: "invalid", field: "password", message: "Enter a password." });
  }
  return value;
}

/** For a password that is to be set. */
export function parseNewPassword(value: Value | undefined, field = "password"): string {
  const password = parsePassword(value);
  if (password.length < MIN_PASSWORD_LENGTH) {
    const message = `The password must have ${MIN_PASSWORD_LENGTH} characters or more.`;
    fail({ kind: "invalid", field, message });
  }
  return password;
}

function refuse(error: unknown): never {
  const reason = error instanceof Error ? error.message : "";
  if (reason.includes("TooManyFailedAttempts")) {
    return fail({
      kind: "rateLimited",
      message: "Too many wrong passwords for this address. Try again in a few minutes.",
      retryAfterMs: 360_000,
    });
  }
  if (!/InvalidAccountId|InvalidSecret/.test(reason)) throw error;
  return fail({ kind: "badCredentials", message: "The e-mail address or the password is wrong." });
}
