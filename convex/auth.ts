/** Signing in with e-mail and password, through Convex Auth. Its sessions and tokens; our hashing, rules and errors. */
import { ConvexCredentials } from "@convex-dev/auth/providers/ConvexCredentials";
import { convexAuth, createAccount, retrieveAccount } from "@convex-dev/auth/server";
import { ConvexError, type Value } from "convex/values";
import { internal } from "./_generated/api.js";
import type { DataModel, Id } from "./_generated/dataModel.js";
import type { ActionCtx } from "./_generated/server.js";
import * as Accounts from "./model/accounts.ts";
import { fail } from "./model/fail.ts";
import * as Passwords from "./model/passwords.ts";
import * as RateLimits from "./model/rateLimits.ts";
import { parseName } from "./model/texts.ts";

const MIN_PASSWORD_LENGTH = 8;
/** Long enough for any passphrase; short enough not to be an attack. */
const MAX_PASSWORD_LENGTH = 1_000;
const MAX_EMAIL_LENGTH = 254;

type Params = Partial<Record<string, Value>>;

export const { auth, signIn, signOut, store } = convexAuth({
  providers: [
    ConvexCredentials<DataModel>({
      id: Accounts.PASSWORD_PROVIDER,
      authorize: async (params, ctx) => ({ userId: await authorize(ctx, params) }),
      crypto: Passwords.hashedSecrets,
    }),
  ],
  callbacks: {
    createOrUpdateUser: async (ctx, { existingUserId, profile }) =>
      existingUserId ??
      (await Accounts.create(ctx, {
        email: String(profile["email"]),
        name: String(profile["name"]),
      })),
  },
});

async function authorize(ctx: ActionCtx, params: Params): Promise<Id<"users">> {
  const email = parseEmail(params["email"]);
  const password = parsePassword(params["password"]);
  switch (params["flow"]) {
    case "signUp":
      return await signUpWith(ctx, { email, password, name: params["name"] });
    case "signIn":
      return await signInWith(ctx, { email, password });
    default:
      return fail({ kind: "invalid", field: "flow", message: "flow must be signUp or signIn." });
  }
}

async function signUpWith(
  ctx: ActionCtx,
  { email, password, name }: { email: string; password: string; name: Value | undefined },
): Promise<Id<"users">> {
  if (password.length < MIN_PASSWORD_LENGTH) {
    fail({
      kind: "invalid",
      field: "password",
      message: `The password must have ${MIN_PASSWORD_LENGTH} characters or more.`,
    });
  }
  const displayName = parseName(typeof name === "string" ? name : (email.split("@")[0] ?? email));
  const { isAllowed, isTaken } = await ctx.runQuery(internal.accounts.signUpOptions, { email });
  if (!isAllowed) Accounts.refuseSignUp();
  if (isTaken) refuseTaken();
  await RateLimits.use(ctx, "signUp");
  const secret = await Passwords.hashPassword(password, Passwords.newParameters());
  try {
    const { user } = await createAccount<DataModel>(ctx, {
      provider: Accounts.PASSWORD_PROVIDER,
      account: { id: email, secret },
      profile: { email, name: displayName },
    });
    return user._id;
  } catch (error) {
    if (error instanceof ConvexError) throw error;
    console.error("sign-up failed:", error);
    return refuseTaken();
  }
}

async function signInWith(
  ctx: ActionCtx,
  { email, password }: { email: string; password: string },
): Promise<Id<"users">> {
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
    return refuseSignIn(error);
  }
}

/** Unknown address and wrong password are one answer; only a locked account is told apart. */
function refuseSignIn(error: unknown): never {
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

function refuseTaken(): never {
  return fail({
    kind: "invalid",
    field: "email",
    message: "There is an account with this e-mail address already. Sign in instead.",
  });
}

function parseEmail(value: Value | undefined): string {
  const email = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (email.length > MAX_EMAIL_LENGTH || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    fail({ kind: "invalid", field: "email", message: "Enter an address like name@example.com." });
  }
  return email;
}

function parsePassword(value: Value | undefined): string {
  if (typeof value !== "string" || value === "" || value.length > MAX_PASSWORD_LENGTH) {
    return fail({ kind: "invalid", field: "password", message: "Enter a password." });
  }
  return value;
}
