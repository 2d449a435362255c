/** Where messages go. What a kind of channel accepts and shows is in notifiers/. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { parseConfig, targetOf } from "../notifiers/registry.ts";
import type { WebhookConfig } from "../validators.ts";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import { arePrivateAddressesAllowed } from "./settings.ts";
import { parseName } from "./texts.ts";

/** Each event is one row per channel, written while a sweep holds its transaction. */
const MAX_CHANNELS = 50;

interface NewChannel {
  kind: Doc<"channels">["kind"];
  name: string;
  config: WebhookConfig;
}

export async function create(
  ctx: MutationCtx,
  { member, kind, name, config }: NewChannel & { member: Member },
): Promise<Id<"channels">> {
  const { workspaceId } = member;
  if ((await ofWorkspace(ctx, workspaceId)).length >= MAX_CHANNELS) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_CHANNELS} channels.` });
  }
  const arePrivateAllowed = arePrivateAddressesAllowed();
  return await ctx.db.insert("channels", {
    workspaceId,
    kind,
    name: parseName(name),
    config: parseConfig(kind, config, { arePrivateAllowed }),
  });
}

export async function ofWorkspace(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"channels">[]> {
  return await ctx.db
    .query("channels")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_CHANNELS);
}

/** The caller's channel; somebody else's does not exist. */
export async function get(
  ctx: QueryCtx,
  { member, channelId }: { member: Member; channelId: Id<"channels"> },
): Promise<Doc<"channels">> {
  const channel = await ctx.db.get("channels", channelId);
  if (channel?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such channel." });
  }
  return channel;
}

/** For the list: where it goes, never with what secret. */
export async function describe(ctx: QueryCtx, channel: Doc<"channels">) {
  const last = await ctx.db
    .query("deliveries")
    .withIndex("by_channelId", (q) => q.eq("channelId", channel._id))
    .order("desc")
    .first();
  return {
    channelId: channel._id,
    kind: channel.kind,
    name: channel.name,
    target: targetOf(channel.kind, channel.config),
    hasSecret: channel.config.secret !== undefined,
    createdAt: channel._creationTime,
    lastDelivery: last && {
      state: last.state,
      at: last.finishedAt ?? last.queuedAt,
      responseStatus: last.responseStatus ?? null,
    },
  };
}
