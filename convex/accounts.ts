/** Functions on the caller's account: its password and its end; and what the sign-in action asks the database. */
import { invalidateSessions, modifyAccountCredentials } from "@convex-dev/auth/server";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { DataModel } from "./_generated/dataModel.js";
import {
  internalMutation,
  internalQuery,
  publicQuery,
  userAction,
  userMutation,
  userQuery,
} from "./functions.ts";
import * as Access from "./model/access.ts";
import * as Accounts from "./model/accounts.ts";
import * as Audit from "./model/audit.ts";
import { fail } from "./model/fail.ts";
import * as PasswordAccounts from "./model/passwordAccounts.ts";
import * as Passwords from "./model/passwords.ts";
import * as Removals from "./model/removals.ts";
import { parseName } from "./model/texts.ts";

/** The caller's account. */
export const get = userQuery({
  args: {},
  returns: v.object({
    email: v.string(),
    name: v.string(),
    isEmailVerified: v.boolean(),
    hasPassword: v.boolean(),
    /** Other ways in: `github`, `oidc`. */
    providers: v.array(v.string()),
  }),
  handler: async (ctx) => await Accounts.describe(ctx, ctx.user),
});

/** The caller's name, 1 to 100 characters. What they wrote before keeps the old one. */
export const rename = userMutation({
  args: { name: v.string() },
  returns: v.null(),
  handler: async (ctx, { name }) => {
    await ctx.db.patch("users", ctx.user._id, { name: parseName(name) });
    return null;
  },
});

/** Ends all other sessions. Wrong current passwords count as failed sign-ins. */
export const changePassword = userAction({
  args: { currentPassword: v.string(), newPassword: v.string() },
  returns: v.null(),
  handler: async (ctx, { currentPassword, newPassword }) => {
    const { email, userId, sessionId } = ctx.caller;
    const password = PasswordAccounts.parseNewPassword(newPassword, "newPassword");
    await PasswordAccounts.verify(ctx, { email, password: currentPassword });
    const secret = await Passwords.hashPassword(password, Passwords.newParameters());
    const provider = Accounts.PASSWORD_PROVIDER;
    await modifyAccountCredentials<DataModel>(ctx, { provider, account: { id: email, secret } });
    await invalidateSessions<DataModel>(ctx, { userId, except: [sessionId] });
    await ctx.runMutation(internal.accounts.noteDeed, {
      userId,
      action: "accounts.changePassword",
    });
    return null;
  },
});

/**
 * Deletes the account and the workspaces in which nobody else is, with everything in them. `password` where the account
 * has one; `confirmEmail` must be its address. Refused while others are in a workspace that the caller owns.
 */
export const remove = userAction({
  args: { confirmEmail: v.string(), password: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { confirmEmail, password }) => {
    const { email, userId, hasPassword } = ctx.caller;
    if (confirmEmail.trim().toLowerCase() !== email) {
      const message = "This is not the account's address.";
      fail({ kind: "invalid", field: "confirmEmail", message });
    }
    if (hasPassword) {
      await PasswordAccounts.verify(ctx, {
        email,
        password: PasswordAccounts.parsePassword(password),
      });
    }
    await ctx.runMutation(internal.accounts.beginRemoval, { userId });
    return null;
  },
});

/** How far the deletion of the caller's account is. Null for everybody else, and when it is done. */
export const removal = publicQuery({
  args: {},
  returns: v.union(v.null(), v.object({ startedAt: v.number(), removedRows: v.number() })),
  handler: async (ctx) => {
    const user = await Access.userOfSession(ctx);
    if (user?.deletedAt === undefined) return null;
    const removals = await Removals.startedBy(ctx, user._id);
    const removedRows = removals.reduce((sum, removal) => sum + removal.removedRows, 0);
    return { startedAt: user.deletedAt, removedRows };
  },
});

export const beginRemoval = internalMutation({
  args: { userId: v.id("users") },
  returns: v.null(),
  handler: async (ctx, { userId }) => {
    const user = await ctx.db.get("users", userId);
    if (user?.deletedAt === undefined && user !== null) await Removals.removeAccount(ctx, user);
    return null;
  },
});

/** Writes to the audit log what an action did to an account. */
export const noteDeed = internalMutation({
  args: { userId: v.id("users"), action: v.string() },
  returns: v.null(),
  handler: async (ctx, { userId, action }) => {
    const user = await ctx.db.get("users", userId);
    const membership = user && (await Access.currentMembership(ctx, user));
    if (user === null || membership === null) return null;
    const actor = Audit.personOf(user);
    const subject = { kind: "users", id: userId, name: actor.name };
    await Audit.record(ctx, { actor, action, workspaceId: membership.workspaceId, subject });
    return null;
  },
});

/** How to hash the password typed for this address: as its account does, or as a decoy would. */
export const hashParameters = internalQuery({
  args: { email: v.string() },
  returns: v.object({ iterations: v.number(), salt: v.string() }),
  handler: async (ctx, { email }) => {
    const secret = await Accounts.findSecret(ctx, email);
    const parameters = secret === null ? null : Passwords.parametersOf(secret);
    return parameters ?? (await Passwords.decoyParameters(email));
  },
});

/** Before a new account is hashed for: whether one may be made, and whether the address is free. */
export const signUpOptions = internalQuery({
  args: { email: v.string(), inviteHash: v.optional(v.string()) },
  returns: v.object({ isAllowed: v.boolean(), isTaken: v.boolean() }),
  handler: async (ctx, { email, inviteHash }) => ({
    isAllowed: await Accounts.isWelcome(ctx, inviteHash),
    isTaken: (await Accounts.findSecret(ctx, email)) !== null,
  }),
});
