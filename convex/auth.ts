/**
 * Signing in with e-mail and password, and with the providers that the environment names, through Convex Auth. Its
 * sessions and tokens; our hashing, rules and errors.
 */
import { ConvexCredentials } from "@convex-dev/auth/providers/ConvexCredentials";
import { convexAuth, createAccount } from "@convex-dev/auth/server";
import { ConvexError, type Value } from "convex/values";
import { internal } from "./_generated/api.js";
import type { DataModel, Id } from "./_generated/dataModel.js";
import type { ActionCtx } from "./_generated/server.js";
import * as Accounts from "./model/accounts.ts";
import { sha256Hex } from "./model/credentials.ts";
import { fail } from "./model/fail.ts";
import * as PasswordAccounts from "./model/passwordAccounts.ts";
import * as Passwords from "./model/passwords.ts";
import { providerConfigs } from "./model/providerConfigs.ts";
import * as RateLimits from "./model/rateLimits.ts";
import { parseEmail, parseName } from "./model/texts.ts";

type Params = Partial<Record<string, Value>>;

export const { auth, signIn, signOut, store } = convexAuth({
  providers: [
    ConvexCredentials<DataModel>({
      id: Accounts.PASSWORD_PROVIDER,
      authorize: async (params, ctx) => ({ userId: await authorize(ctx, params) }),
      crypto: Passwords.hashedSecrets,
    }),
    ...providerConfigs(),
  ],
  callbacks: {
    createOrUpdateUser: async (ctx, { existingUserId, type, profile }) => {
      if (existingUserId !== null) return existingUserId;
      const { email, name, inviteHash } = profile;
      if (type === "oauth") {
        const address = parseEmail(String(email));
        const known = String(name).trim() || nameIn(address);
        return await Accounts.findOrCreate(ctx, { email: address, name: parseName(known) });
      }
      return await Accounts.create(ctx, {
        email: String(email),
        name: String(name),
        inviteHash: typeof inviteHash === "string" ? inviteHash : undefined,
      });
    },
  },
});

async function authorize(ctx: ActionCtx, params: Params): Promise<Id<"users">> {
  const email = parseEmail(typeof params["email"] === "string" ? params["email"] : "");
  const password = PasswordAccounts.parsePassword(params["password"]);
  switch (params["flow"]) {
    case "signUp":
      return await signUpWith(ctx, { email, password, params });
    case "signIn":
      return await PasswordAccounts.verify(ctx, { email, password });
    default:
      return fail({ kind: "invalid", field: "flow", message: "flow must be signUp or signIn." });
  }
}

/** `params.invite` is the token of an invite: it opens a door that is closed to others. */
async function signUpWith(
  ctx: ActionCtx,
  { email, password, params }: { email: string; password: string; params: Params },
): Promise<Id<"users">> {
  PasswordAccounts.parseNewPassword(password);
  const { name, invite } = params;
  const displayName = parseName(typeof name === "string" ? name : nameIn(email));
  const inviteHash = typeof invite === "string" ? await sha256Hex(invite) : undefined;
  const asked = inviteHash === undefined ? { email } : { email, inviteHash };
  const { isAllowed, isTaken } = await ctx.runQuery(internal.accounts.signUpOptions, asked);
  if (!isAllowed) Accounts.refuseSignUp();
  if (isTaken) refuseTaken();
  await RateLimits.useByAddress(ctx, "signInByAddress");
  await RateLimits.use(ctx, "signUp");
  const secret = await Passwords.hashPassword(password, Passwords.newParameters());
  try {
    const { user } = await createAccount<DataModel>(ctx, {
      provider: Accounts.PASSWORD_PROVIDER,
      account: { id: email, secret },
      // Only the callback above reads it: the invite is not a field of the user.
      profile: { name: displayName, ...asked },
    });
    return user._id;
  } catch (error) {
    if (error instanceof ConvexError) throw error;
    console.error("sign-up failed:", error);
    return refuseTaken();
  }
}

function nameIn(email: string): string {
  return email.split("@")[0] ?? email;
}

function refuseTaken(): never {
  return fail({
    kind: "invalid",
    field: "email",
    message: "There is an account with this e-mail address already. Sign in instead.",
  });
}
