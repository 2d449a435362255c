/** Users and their workspaces: who may sign up, and what a new user starts with. */
import type { Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { fail } from "./fail.ts";
import { areSignUpsOpen } from "./settings.ts";

/** The provider's id; accounts are found by it. */
export const PASSWORD_PROVIDER = "password";

/** Whether the installation belongs to somebody: the first account owns it. */
export async function hasOwner(ctx: QueryCtx): Promise<boolean> {
  return (await ctx.db.query("users").first()) !== null;
}

export async function canSignUp(ctx: QueryCtx): Promise<boolean> {
  return areSignUpsOpen() || !(await hasOwner(ctx));
}

/** A user with a personal workspace. Refuses (signUpsClosed) all but the first where sign-ups are closed. */
export async function create(
  ctx: MutationCtx,
  { email, name }: { email: string; name: string },
): Promise<Id<"users">> {
  if (!(await canSignUp(ctx))) refuseSignUp();
  const userId = await ctx.db.insert("users", { email, name });
  const workspaceId = await ctx.db.insert("workspaces", { name, createdBy: userId });
  await ctx.db.insert("members", { workspaceId, userId, role: "owner" });
  return userId;
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
