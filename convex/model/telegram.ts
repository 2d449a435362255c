/** The other half of a Telegram channel: the bot's callbacks, by which people acknowledge with a button. */
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Lanes from "./lanes.ts";
import { siteUrl } from "./settings.ts";
import * as SigningKeys from "./signingKeys.ts";

export const CALLBACK_PATH = "/telegram/";

/** Has the bot told where to send its callbacks, once this transaction is committed. */
export async function connectIfWanted(ctx: MutationCtx, channelId: Id<"channels">): Promise<void> {
  const channel = await ctx.db.get("channels", channelId);
  if (channel?.kind !== "telegram" || channel.config["hasButtons"] !== true) return;
  const lane = await Lanes.ensure(ctx, channel);
  if (lane.setupError !== undefined) {
    await ctx.db.patch("lanes", lane._id, { setupError: undefined });
  }
  await ctx.scheduler.runAfter(0, internal.notifiers.connectTelegram.connect, { channelId });
}

export interface Connection {
  botToken: string;
  apiUrl: string;
  callbackUrl: string;
  secretToken: string;
}

/** What setting up the callbacks takes; null where the channel is gone or wants none. */
export async function connectionOf(
  ctx: QueryCtx,
  channelId: Id<"channels">,
): Promise<Connection | null> {
  const channel = await ctx.db.get("channels", channelId);
  const key = await SigningKeys.find(ctx);
  if (channel?.kind !== "telegram" || key === null) return null;
  return {
    botToken: textOf(channel, "botToken"),
    apiUrl: textOf(channel, "apiUrl"),
    callbackUrl: `${siteUrl()}${CALLBACK_PATH}${channelId}`,
    secretToken: await SigningKeys.sign(key, secretText(channelId)),
  };
}

export async function recordSetup(
  ctx: MutationCtx,
  { channelId, error }: { channelId: Id<"channels">; error: string | null },
): Promise<void> {
  const lane = await Lanes.find(ctx, channelId);
  if (lane !== null) await ctx.db.patch("lanes", lane._id, { setupError: error ?? undefined });
}

/** The channel that a callback belongs to; null where its secret or its chat is not the channel's. */
export async function channelOfCallback(
  ctx: QueryCtx,
  { channelId, secretToken, chat }: { channelId: string; secretToken: string; chat: ChatId },
): Promise<Doc<"channels"> | null> {
  const id = ctx.db.normalizeId("channels", channelId);
  const channel = id && (await ctx.db.get("channels", id));
  const text = secretText(channelId);
  const isOurs = await SigningKeys.isSigned(ctx, { text, signature: secretToken });
  if (!channel || channel.kind !== "telegram" || !isOurs) return null;
  const expected = textOf(channel, "chatId");
  const isItsChat = expected === String(chat.id) || expected === `@${chat.username ?? ""}`;
  return isItsChat ? channel : null;
}

export interface ChatId {
  id: number;
  username?: string | undefined;
}

function secretText(channelId: string): string {
  return `telegram:${channelId}`;
}

function textOf({ config }: Doc<"channels">, name: string): string {
  const value = config[name];
  return typeof value === "string" ? value : "";
}
