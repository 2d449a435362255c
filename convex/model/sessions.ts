/** Where a user is signed in, and what else Convex Auth keeps of them. Its tables are read and deleted here; written is the device only. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Access from "./access.ts";
import { fail } from "./fail.ts";

/** More than a person signs in within the month that a session lasts. */
const MAX_SESSIONS = 200;
/** Refresh tokens of a session that are deleted in one go; one is made each hour that a page is open. */
const MAX_TOKENS = 1_000;
const MAX_DEVICE_LENGTH = 40;

/** The user's, the latest used first. `lastUsedAt` is when the page last renewed its token: to the hour. */
export async function list(ctx: QueryCtx, userId: Id<"users">) {
  const current = await Access.currentSession(ctx);
  const rows = await Promise.all(
    (await of(ctx, userId)).map(async ({ _id, _creationTime, expirationTime, device }) => {
      const renewal = await ctx.db
        .query("authRefreshTokens")
        .withIndex("sessionId", (q) => q.eq("sessionId", _id))
        .order("desc")
        .first();
      return {
        sessionId: _id,
        createdAt: _creationTime,
        lastUsedAt: renewal?._creationTime ?? _creationTime,
        expiresAt: expirationTime,
        isCurrent: _id === current?._id,
        device: device ?? null,
      };
    }),
  );
  return rows.sort((left, right) => right.lastUsedAt - left.lastUsedAt);
}

/** Notes in which browser the caller's session is. It is their own word, for nobody but them. */
export async function describe(
  ctx: MutationCtx,
  said: { browser: string; system: string },
): Promise<void> {
  const session = await Access.currentSession(ctx);
  const device = { browser: parseDevice(said.browser), system: parseDevice(said.system) };
  if (session === null || isSame(session.device, device)) return;
  await ctx.db.patch("authSessions", session._id, { device });
}

/** Ends one of the user's sessions: its page is signed out at once. */
export async function revoke(
  ctx: MutationCtx,
  { userId, sessionId }: { userId: Id<"users">; sessionId: Id<"authSessions"> },
): Promise<void> {
  const session = await ctx.db.get("authSessions", sessionId);
  if (session?.userId !== userId) {
    fail({ kind: "notFound", message: "There is no such session." });
  }
  await end(ctx, sessionId);
}

/** Ends all but the one that calls. Answers how many. */
export async function revokeOthers(ctx: MutationCtx, userId: Id<"users">): Promise<number> {
  const current = await Access.currentSession(ctx);
  const others = (await of(ctx, userId)).filter(({ _id }) => _id !== current?._id);
  for (const { _id } of others) await end(ctx, _id);
  return others.length;
}

/** One batch of all that signs a user in, sessions last. Answers how many rows went. */
export async function forget(
  ctx: MutationCtx,
  userId: Id<"users">,
  limit: number,
): Promise<number> {
  const codes = await ctx.db
    .query("emailCodes")
    .withIndex("by_userId_and_purpose", (q) => q.eq("userId", userId))
    .take(limit);
  for (const { _id } of codes) await ctx.db.delete("emailCodes", _id);
  const accounts = await ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", userId))
    .take(limit);
  for (const account of accounts) await forgetAccount(ctx, account);
  if (codes.length + accounts.length > 0) return codes.length + accounts.length;
  const [session] = await of(ctx, userId);
  if (session !== undefined) await end(ctx, session._id);
  return session === undefined ? 0 : 1;
}

/** A short name. Longer ones are cut: nothing depends on it. */
function parseDevice(name: string): string {
  return name
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, MAX_DEVICE_LENGTH);
}

function isSame(
  known: Doc<"authSessions">["device"],
  device: { browser: string; system: string },
): boolean {
  return known?.browser === device.browser && known.system === device.system;
}

async function of(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"authSessions">[]> {
  return await ctx.db
    .query("authSessions")
    .withIndex("userId", (q) => q.eq("userId", userId))
    .order("desc")
    .take(MAX_SESSIONS);
}

async function end(ctx: MutationCtx, sessionId: Id<"authSessions">): Promise<void> {
  const tokens = await ctx.db
    .query("authRefreshTokens")
    .withIndex("sessionId", (q) => q.eq("sessionId", sessionId))
    .take(MAX_TOKENS);
  for (const { _id } of tokens) await ctx.db.delete("authRefreshTokens", _id);
  await ctx.db.delete("authSessions", sessionId);
}

async function forgetAccount(
  ctx: MutationCtx,
  { _id, providerAccountId }: Doc<"authAccounts">,
): Promise<void> {
  const codes = await ctx.db
    .query("authVerificationCodes")
    .withIndex("accountId", (q) => q.eq("accountId", _id))
    .take(MAX_TOKENS);
  for (const code of codes) await ctx.db.delete("authVerificationCodes", code._id);
  const limits = await ctx.db
    .query("authRateLimits")
    .withIndex("identifier", (q) => q.eq("identifier", providerAccountId))
    .take(MAX_TOKENS);
  for (const limit of limits) await ctx.db.delete("authRateLimits", limit._id);
  await ctx.db.delete("authAccounts", _id);
}
