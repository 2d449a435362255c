/** Users and their workspaces: who may sign up, and what a new user starts with. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Audit from "./audit.ts";
import { fail } from "./fail.ts";
import * as Invites from "./invites.ts";
import { signUpPolicy } from "./settings.ts";
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
  return signUpPolicy() === "open" || !(await hasOwner(ctx));
}

/** The invite that opens the door for somebody new, or null: where sign-ups are closed, none does. */
async function findInvite(
  ctx: QueryCtx,
  { email, inviteHash, isEmailVerified = false }: Omit<NewUser, "name">,
): Promise<Doc<"invites"> | null> {
  if (signUpPolicy() === "closed") return null;
  const invite = inviteHash === undefined ? null : await Invites.findOpen(ctx, inviteHash);
  return invite ?? (isEmailVerified ? await Invites.findOpenFor(ctx, email) : null);
}

/** Whether somebody new with this invite, or with none, would be let in. */
export async function isWelcome(ctx: QueryCtx, inviteHash: string | undefined): Promise<boolean> {
  return (await canSignUp(ctx)) || (await findInvite(ctx, { email: "", inviteHash })) !== null;
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
  { name, ...newcomer }: NewUser,
): Promise<Id<"users">> {
  const { email, isEmailVerified = false } = newcomer;
  const invited = await findInvite(ctx, newcomer);
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
  return (await passwordAccount(ctx, email))?.secret ?? null;
}

/** Whose account with a password this address is, or null. */
export async function findWithPassword(ctx: QueryCtx, email: string): Promise<Doc<"users"> | null> {
  const account = await passwordAccount(ctx, email);
  const user = account && (await ctx.db.get("users", account.userId));
  return user?.deletedAt === undefined ? user : null;
}

/**
 * Who signs in with a provider that vouches for their address: whose address that is already, or somebody new. An
 * account whose address nobody verified is not handed over: somebody else may have made it, to wait for its owner.
 */
export async function findOrCreate(ctx: MutationCtx, newcomer: NewUser): Promise<Id<"users">> {
  const existing = await ctx.db
    .query("users")
    .withIndex("email", (q) => q.eq("email", newcomer.email))
    .first();
  if (existing === null) return await create(ctx, { ...newcomer, isEmailVerified: true });
  if (existing.emailVerificationTime === undefined || existing.deletedAt !== undefined) {
    const message =
      "There is an account with this address, and nobody has verified it yet. Sign in with its password, and verify the address.";
    return fail({ kind: "badCredentials", message });
  }
  return existing._id;
}

async function passwordAccount(ctx: QueryCtx, email: string): Promise<Doc<"authAccounts"> | null> {
  return await ctx.db
    .query("authAccounts")
    .withIndex("providerAndAccountId", (q) =>
      q.eq("provider", PASSWORD_PROVIDER).eq("providerAccountId", email),
    )
    .unique();
}

export function refuseSignUp(): never {
  return fail({
    kind: "signUpsClosed",
    message: "This installation has an owner, and sign-ups are closed. Ask them to let you in.",
  });
}
