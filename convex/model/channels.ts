/** Where messages go, as people manage it. What a kind of channel accepts and shows is in notifiers/. */
import { hostOf, parseConfig, shownConfig, targetOf } from "../notifiers/registry.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { ChannelConfig, ChannelKind, Preferences } from "../validators.ts";
import * as Access from "./access.ts";
import * as ChannelRows from "./channelRows.ts";
import { fail } from "./fail.ts";
import * as Lanes from "./lanes.ts";
import * as LateStage from "./lateStage.ts";
import * as Outbox from "./outbox.ts";
import { parsePreferences, preferencesOf } from "./preferences.ts";
import { arePrivateAddressesAllowed, canSendMail } from "./settings.ts";
import * as SigningKeys from "./signingKeys.ts";
import { parseName } from "./texts.ts";

interface NewChannel {
  kind: ChannelKind;
  name: string;
  config: ChannelConfig;
  preferences?: Preferences | undefined;
}

/** The workspace's, which takes an admin; or personal, for any member, as what a browser shows always is. */
export async function create(
  ctx: MutationCtx,
  {
    member,
    kind,
    name,
    config,
    preferences = {},
    isPersonal = kind === "webpush",
  }: NewChannel & { member: Access.Member; isPersonal?: boolean | undefined },
): Promise<Id<"channels">> {
  const { workspaceId } = member;
  const userId = isPersonal || kind === "webpush" ? member.user._id : undefined;
  if (userId === undefined) Access.requireRole(member, "admin");
  await checkLimits(ctx, member, userId);
  await SigningKeys.ensure(ctx);
  const arePrivateAllowed = arePrivateAddressesAllowed();
  const channel = {
    workspaceId,
    ...(userId === undefined ? {} : { userId }),
    kind,
    name: parseName(name),
    config: parseConfig({ kind, config }, { arePrivateAllowed }),
    ...parsePreferences(preferences),
  };
  checkPersonal(channel, member);
  return await ctx.db.insert("channels", channel);
}

/**
 * Of the configuration, secrets that are left out or empty stay as they are while it leads to the same host. Preferences
 * are replaced as a whole.
 */
export async function update(
  ctx: MutationCtx,
  {
    member,
    channelId,
    name,
    config,
    preferences,
  }: Partial<NewChannel> & { member: Access.Member; channelId: Id<"channels"> },
): Promise<Doc<"channels">> {
  const channel = await getOwn(ctx, { member, channelId });
  const changed: Doc<"channels"> = { ...withoutPreferences(channel, preferences) };
  if (name !== undefined) changed.name = parseName(name);
  if (config !== undefined) {
    changed.config = changedConfig(channel, withoutEmpty(config));
    checkPersonal(changed, member);
  }
  if (preferences !== undefined) Object.assign(changed, parsePreferences(preferences));
  const { _id, _creationTime, ...fields } = changed;
  await ctx.db.replace("channels", channelId, fields);
  if (preferences !== undefined) await Outbox.retime(ctx, changed, Date.now());
  return changed;
}

/** A channel that the caller may see; somebody else's does not exist. */
export async function get(
  ctx: QueryCtx,
  { member, channelId }: { member: Access.Member; channelId: Id<"channels"> },
): Promise<Doc<"channels">> {
  const channel = await ctx.db.get("channels", channelId);
  const isOurs = channel?.workspaceId === member.workspaceId;
  if (!isOurs || !ChannelRows.isVisibleTo(channel, member)) {
    return fail({ kind: "notFound", message: "There is no such channel." });
  }
  return channel;
}

/** A channel that the caller may change: their personal one, or as an admin the workspace's. */
export async function getOwn(
  ctx: QueryCtx,
  args: { member: Access.Member; channelId: Id<"channels"> },
): Promise<Doc<"channels">> {
  const channel = await get(ctx, args);
  if (!mayChange(channel, args.member)) Access.requireRole(args.member, "admin");
  return channel;
}

function mayChange({ userId }: Doc<"channels">, member: Access.Member): boolean {
  return userId !== undefined || Access.hasRole(member, "admin");
}

/**
 * For the list: where it goes and how it does, never with what secret. Its settings are for whoever may change them: what
 * people write into a body of their own may be secret, too.
 */
export async function describe(
  ctx: QueryCtx,
  { channel, member }: { channel: Doc<"channels">; member: Access.Member },
) {
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
    isPersonal: channel.userId !== undefined,
    name: channel.name,
    target: targetOf(channel),
    hasSecret: channel.config["secret"] !== undefined,
    config: mayChange(channel, member) ? config : {},
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
  await LateStage.follow(ctx, channel);
}

/** Somebody leaves the workspace, or may only look from now on: nobody could take care of what they made for themselves. */
export async function removePersonal(
  ctx: MutationCtx,
  whose: { userId: Id<"users">; workspaceId: Id<"workspaces"> },
): Promise<void> {
  for (const channel of await ChannelRows.personalOf(ctx, whose)) {
    await remove(ctx, channel, Date.now());
  }
}

async function checkLimits(
  ctx: QueryCtx,
  { workspaceId }: Access.Member,
  userId: Id<"users"> | undefined,
): Promise<void> {
  const all = await ChannelRows.ofWorkspace(ctx, workspaceId);
  const shared = all.filter((channel) => channel.userId === undefined).length;
  const own = all.filter((channel) => channel.userId === userId).length;
  const refuse = (most: string) => fail({ kind: "limitReached", message: `${most}.` });
  if (userId === undefined) {
    if (shared < ChannelRows.MAX_CHANNELS) return;
    refuse(`A workspace can have ${ChannelRows.MAX_CHANNELS} channels`);
  }
  if (own >= ChannelRows.MAX_PERSONAL_CHANNELS_EACH) {
    refuse(`You can have ${ChannelRows.MAX_PERSONAL_CHANNELS_EACH} channels of your own`);
  }
  if (all.length - shared >= ChannelRows.MAX_PERSONAL_CHANNELS) {
    refuse(`Its members can have ${ChannelRows.MAX_PERSONAL_CHANNELS} channels of their own`);
  }
}

/** The installation's mail server must not write to strangers on any member's word. */
function checkPersonal(
  { userId, kind, config }: Pick<Doc<"channels">, "userId" | "kind" | "config">,
  { user }: Access.Member,
): void {
  if (userId === undefined || kind !== "email") return;
  const own = user.email ?? "";
  if (String(config["to"]).toLowerCase() !== own.toLowerCase()) {
    const message = `To must be your own address, ${own}, in a channel of your own.`;
    fail({ kind: "invalid", field: "config.to", message });
  }
  // Whoever signed up with a stranger's address must not have them written to. Without links by mail none is verified.
  const isOwnServer = config["smtpUrl"] !== undefined;
  if (isOwnServer || !canSendMail() || user.emailVerificationTime !== undefined) return;
  const message = `Verify ${own} first, under Settings.`;
  fail({ kind: "invalid", field: "config.to", message });
}

/** What nobody may read must not be had by sending it to oneself: a secret goes to no other host than it was given for. */
function changedConfig(channel: Doc<"channels">, given: ChannelConfig): ChannelConfig {
  const { kind } = channel;
  const parse = (config: ChannelConfig) =>
    parseConfig({ kind, config }, { arePrivateAllowed: arePrivateAddressesAllowed() });
  const changed = parse({ ...keptSecrets(channel), ...given });
  const isSameHost = hostOf({ kind, config: changed }) === hostOf(channel);
  // The secret of a webhook signs, and is never sent.
  return isSameHost || kind === "webhook" ? changed : parse(given);
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
  const { _id, _creationTime, workspaceId, userId, kind, name, config } = channel;
  const owner = userId === undefined ? {} : { userId };
  return { _id, _creationTime, workspaceId, ...owner, kind, name, config };
}
