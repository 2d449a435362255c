/** Users and their workspaces: who may sign up, and what a new user starts with. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Audit from "./audit.ts";
import { fail } from "./fail.ts";
import * as Invites from "./invites.ts";
import { areSignUpsOpen } from "./settings.ts";
import * as Workspaces from "./workspaces.ts";

/** The provider's id; accounts are found by it. */
export const PASSWORD_PROVIDER = "password";
/** One for each provider. */
const MAX_ACCOUNTS = 10;

/** Whether the installation belongs to somebody: the first account owns it. */
export async function hasOwner(ctx: QueryCtx): Promise<boolean> {
  return (await ctx.db.query("users").first()) !== null;
}

export async function canSignUp(ctx: QueryCtx): Promise<boolean> {
  return areSignUpsOpen() || !(await hasOwner(ctx));
}

export interface NewUser {
  email: string;
  name: string;
  /** Of the invite that they came with. */
  inviteHash?: string | undefined;
  /** Somebody we trust says that the address is theirs. */
  isEmailVerified?: boolean;
}

/**
 * A user with a personal workspace, and in the workspace that they were invited to. Refuses (signUpsClosed) all but the
 * first and the invited where sign-ups are closed.
 */
export async function create(
  ctx: MutationCtx,
  { email, name, inviteHash, isEmailVerified = false }: NewUser,
): Promise<Id<"users">> {
  const invite = inviteHash === undefined ? null : await Invites.findOpen(ctx, inviteHash);
  const invited = invite ?? (isEmailVerified ? await Invites.findOpenFor(ctx, email) : null);
  if (invited === null && !(await canSignUp(ctx))) refuseSignUp();
  const userId = await ctx.db.insert("users", {
    email,
    name,
    ...(isEmailVerified ? { emailVerificationTime: Date.now() } : {}),
  });
  await Workspaces.create(ctx, { userId, name });
  if (invited !== null) {
    const actor = { kind: "person" as const, id: userId, name };
    const deed = { actor, action: "accounts.signUp", workspaceId: invited.workspaceId };
    await Audit.during(ctx, deed, async (watched) => {
      await Invites.accept(watched, { invite: invited, userId });
    });
  }
  return userId;
}

/** The account as its user sees it. */
export async function describe(ctx: QueryCtx, { _id, email, name, ...user }: Doc<"users">) {
  const accounts = await ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", _id))
    .take(MAX_ACCOUNTS);
  const providers = accounts.map(({ provider }) => provider);
  return {
    email: email ?? "",
    name: name ?? "",
    isEmailVerified: user.emailVerificationTime !== undefined,
    hasPassword: providers.includes(PASSWORD_PROVIDER),
    providers: providers.filter((provider) => provider !== PASSWORD_PROVIDER),
  };
}

/** The stored secret of an account, or null where there is none. */
export async function findSecret(ctx: QueryCtx, email: string): Promise<string | null> {
  const account = await ctx.db
    .query("authAccounts")
    .withIndex("providerAndAccountId", (q) =>
      q.eq("provider", PASSWORD_PROVIDER).eq("providerAccountId", email),
    )
    .unique();
  return account?.secret ?? null;
}

export function refuseSignUp(): never {
  return fail({
    kind: "signUpsClosed",
    message: "This installation has an owner, and sign-ups are closed. Ask them to let you in.",
  });
}
