/** Browsers that show messages: each is a personal channel of its own, so that a laptop and a phone may be told different things. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { SendOutcome } from "../validators.ts";
import type { Member } from "./access.ts";
import { MAX_PERSONAL_CHANNELS_EACH, personalOf } from "./channelRows.ts";
import * as Channels from "./channels.ts";

/** Workspaces of one person whose browsers are listed. */
const MAX_LISTED = 10 * MAX_PERSONAL_CHANNELS_EACH;
/** What a push service answers for a browser that has unsubscribed, or was thrown away. */
const GONE = [404, 410];

/** What the browser's PushSubscription says, and what it calls itself. */
export interface Subscription {
  endpoint: string;
  p256dh: string;
  auth: string;
  browser: string;
}

/** The channel of the browser in this workspace: made, or brought up to date. */
export async function subscribe(
  ctx: MutationCtx,
  { member, subscription }: { member: Member; subscription: Subscription },
): Promise<Id<"channels">> {
  const config = { ...subscription };
  const known = await findIn(ctx, member, subscription.endpoint);
  if (known !== undefined) {
    await Channels.update(ctx, { member, channelId: known._id, config });
    return known._id;
  }
  const name = subscription.browser;
  return await Channels.create(ctx, { member, kind: "webpush", name, config });
}

/** Nothing to do where it is not subscribed. */
export async function unsubscribe(
  ctx: MutationCtx,
  { member, endpoint }: { member: Member; endpoint: string },
): Promise<void> {
  const known = await findIn(ctx, member, endpoint);
  if (known !== undefined) await Channels.remove(ctx, known, Date.now());
}

/** Those of a person in all workspaces: a browser has one subscription for all of them. */
export async function list(ctx: QueryCtx, userId: Id<"users">) {
  const channels = await ctx.db
    .query("channels")
    .withIndex("by_userId_and_workspaceId", (q) => q.eq("userId", userId))
    .take(MAX_LISTED);
  return channels
    .filter(({ kind }) => kind === "webpush")
    .map(({ _id, _creationTime, workspaceId, config }) => ({
      channelId: _id,
      workspaceId,
      endpoint: String(config["endpoint"]),
      browser: String(config["browser"]),
      createdAt: _creationTime,
    }));
}

/** After an answer that says that the browser is not there any more: neither is its channel. */
export async function forgetIfGone(
  ctx: MutationCtx,
  channel: Doc<"channels">,
  { responseStatus, now }: Pick<SendOutcome, "responseStatus"> & { now: number },
): Promise<void> {
  if (channel.kind !== "webpush" || responseStatus === null) return;
  if (GONE.includes(responseStatus)) await Channels.remove(ctx, channel, now);
}

async function findIn(
  ctx: QueryCtx,
  { user, workspaceId }: Member,
  endpoint: string,
): Promise<Doc<"channels"> | undefined> {
  const own = await personalOf(ctx, { userId: user._id, workspaceId });
  return own.find(({ kind, config }) => kind === "webpush" && config["endpoint"] === endpoint);
}
