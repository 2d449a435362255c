/** Where messages go, as people manage it. What a kind of channel accepts and shows is in notifiers/. */
import { parseConfig, shownConfig, targetOf } from "../notifiers/registry.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { ChannelConfig, ChannelKind, Preferences } from "../validators.ts";
import type { Member } from "./access.ts";
import { MAX_CHANNELS, ofWorkspace } from "./channelRows.ts";
import { fail } from "./fail.ts";
import * as Lanes from "./lanes.ts";
import { parsePreferences, preferencesOf } from "./preferences.ts";
import { arePrivateAddressesAllowed } from "./settings.ts";
import * as SigningKeys from "./signingKeys.ts";
import { parseName } from "./texts.ts";

interface NewChannel {
  kind: ChannelKind;
  name: string;
  config: ChannelConfig;
  preferences?: Preferences | undefined;
}

export async function create(
  ctx: MutationCtx,
  { member, kind, name, config, preferences = {} }: NewChannel & { member: Member },
): Promise<Id<"channels">> {
  const { workspaceId } = member;
  if ((await ofWorkspace(ctx, workspaceId)).length >= MAX_CHANNELS) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_CHANNELS} channels.` });
  }
  await SigningKeys.ensure(ctx);
  const arePrivateAllowed = arePrivateAddressesAllowed();
  return await ctx.db.insert("channels", {
    workspaceId,
    kind,
    name: parseName(name),
    config: parseConfig({ kind, config }, { arePrivateAllowed }),
    ...parsePreferences(preferences),
  });
}

/** Of the configuration, secrets that are left out or empty stay as they are. Preferences are replaced as a whole. */
export async function update(
  ctx: MutationCtx,
  {
    member,
    channelId,
    name,
    config,
    preferences,
  }: Partial<NewChannel> & { member: Member; channelId: Id<"channels"> },
): Promise<Doc<"channels">> {
  const channel = await get(ctx, { member, channelId });
  const { kind } = channel;
  const changed: Doc<"channels"> = { ...withoutPreferences(channel, preferences) };
  if (name !== undefined) changed.name = parseName(name);
  if (config !== undefined) {
    const arePrivateAllowed = arePrivateAddressesAllowed();
    const merged = { ...keptSecrets(channel), ...withoutEmpty(config) };
    changed.config = parseConfig({ kind, config: merged }, { arePrivateAllowed });
  }
  if (preferences !== undefined) Object.assign(changed, parsePreferences(preferences));
  const { _id, _creationTime, ...fields } = changed;
  await ctx.db.replace("channels", channelId, fields);
  return changed;
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

/** For the list: where it goes and how it does, never with what secret. */
export async function describe(ctx: QueryCtx, channel: Doc<"channels">) {
  const last = await ctx.db
    .query("deliveries")
    .withIndex("by_channelId", (q) => q.eq("channelId", channel._id))
    .order("desc")
    .first();
  const lane = await Lanes.find(ctx, channel._id);
  const { config, secretsSet } = shownConfig(channel);
  return {
    channelId: channel._id,
    kind: channel.kind,
    name: channel.name,
    target: targetOf(channel),
    hasSecret: channel.config["secret"] !== undefined,
    config,
    secretsSet,
    preferences: preferencesOf(channel),
    createdAt: channel._creationTime,
    lastDelivery: last && {
      state: last.state,
      at: last.finishedAt ?? last.queuedAt,
      responseStatus: last.responseStatus ?? null,
    },
    lastSuccessAt: lane?.lastSuccessAt ?? null,
    failingSince: lane?.failingSince ?? null,
    setupError: lane?.setupError ?? null,
  };
}

/** The channel is gone at once; what is still queued for it is suppressed when its turn comes. */
export async function remove(
  ctx: MutationCtx,
  channel: Doc<"channels">,
  now: number,
): Promise<void> {
  await ctx.db.delete("channels", channel._id);
  const lane = await Lanes.find(ctx, channel._id);
  if (lane !== null) await Lanes.park(ctx, lane, now);
}

function keptSecrets(channel: Doc<"channels">): ChannelConfig {
  const { secretsSet } = shownConfig(channel);
  return Object.fromEntries(
    Object.entries(channel.config).filter(([name]) => secretsSet.includes(name)),
  );
}

function withoutEmpty(config: ChannelConfig): ChannelConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ""));
}

function withoutPreferences(
  channel: Doc<"channels">,
  preferences: Preferences | undefined,
): Doc<"channels"> {
  if (preferences === undefined) return channel;
  const { _id, _creationTime, workspaceId, kind, name, config } = channel;
  return { _id, _creationTime, workspaceId, kind, name, config };
}
