/**
 * Public functions on channels: who is told, where, of what and when. Any member may make personal ones, which nobody
 * else sees; those of the workspace are changed by admins (model/channels.ts).
 */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as ChannelRows from "./model/channelRows.ts";
import * as Channels from "./model/channels.ts";
import * as LateStage from "./model/lateStage.ts";
import * as Notifications from "./model/notifications.ts";
import * as Previews from "./model/previews.ts";
import * as Telegram from "./model/telegram.ts";
import {
  vChannelConfig,
  vChannelKind,
  vChoosableEvent,
  vDeliveryState,
  vEvent,
  vPreferences,
  vQuietHours,
} from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());
const vTextOrNull = v.union(v.string(), v.null());

/** The kinds in the order in which to offer them, and the form of each. */
export const kinds = viewerQuery({
  args: {},
  returns: v.array(
    v.object({
      kind: vChannelKind,
      title: v.string(),
      /** By a form; or by the browser that is to show the messages: see push.ts. */
      madeBy: v.union(v.literal("form"), v.literal("browser")),
      fields: v.array(
        v.object({
          name: v.string(),
          label: v.string(),
          type: v.union(
            v.literal("text"),
            v.literal("url"),
            v.literal("secret"),
            v.literal("longText"),
            v.literal("choice"),
            v.literal("switch"),
          ),
          isRequired: v.boolean(),
          help: vTextOrNull,
          placeholder: vTextOrNull,
          options: v.array(v.string()),
          default: v.union(v.string(), v.boolean(), v.null()),
        }),
      ),
    }),
  ),
  handler: async () => Previews.kinds(),
});

/**
 * `config` as `kinds` describes it; refused (invalid) with the field that is wrong, as `config.url`. At most 50 of the workspace's
 * and 10 of one's own.
 */
export const create = memberMutation({
  args: {
    kind: vChannelKind,
    name: v.string(),
    config: vChannelConfig,
    preferences: v.optional(vPreferences),
    /** Left out, it is the workspace's; web push is always personal. */
    isPersonal: v.optional(v.boolean()),
  },
  returns: v.object({ channelId: v.id("channels") }),
  handler: async (ctx, args) => {
    const channelId = await Channels.create(ctx, { member: ctx.member, ...args });
    await Telegram.connectIfWanted(ctx, channelId);
    await LateStage.follow(ctx, await Channels.get(ctx, { member: ctx.member, channelId }));
    return { channelId };
  },
});

/** Secrets that are left out or empty stay as they are, unless the address leads to another host; preferences, where given, replace the old ones. */
export const update = memberMutation({
  args: {
    channelId: v.id("channels"),
    name: v.optional(v.string()),
    config: v.optional(vChannelConfig),
    preferences: v.optional(vPreferences),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { channelId } = args;
    const before = await Channels.get(ctx, { member: ctx.member, channelId });
    const after = await Channels.update(ctx, { member: ctx.member, ...args });
    await LateStage.follow(ctx, before, after);
    if (args.config !== undefined) await Telegram.connectIfWanted(ctx, args.channelId);
    return null;
  },
});

/** The workspace's channels and the caller's own, with how they do. Times in ms since 1970. */
export const list = viewerQuery({
  args: {},
  returns: v.array(
    v.object({
      channelId: v.id("channels"),
      kind: vChannelKind,
      /** Seen and changed by the caller alone; else it is the workspace's, and admins change it. */
      isPersonal: v.boolean(),
      name: v.string(),
      target: v.string(),
      hasSecret: v.boolean(),
      /** Without its secrets, whose names are in secretsSet; empty for those who cannot change it. */
      config: vChannelConfig,
      secretsSet: v.array(v.string()),
      preferences: v.object({
        events: v.array(vChoosableEvent),
        tags: v.array(v.string()),
        quietHours: v.union(vQuietHours, v.null()),
        delayMs: v.number(),
        repeatEveryMs: vNumberOrNull,
        groupWindowMs: v.number(),
        retryUncertain: v.boolean(),
        isOff: v.boolean(),
      }),
      createdAt: v.number(),
      lastDelivery: v.union(
        v.null(),
        v.object({ state: vDeliveryState, at: v.number(), responseStatus: vNumberOrNull }),
      ),
      lastSuccessAt: vNumberOrNull,
      failingSince: vNumberOrNull,
      setupError: vTextOrNull,
    }),
  ),
  handler: async (ctx) => {
    const channels = await ChannelRows.ofWorkspace(ctx, ctx.member.workspaceId);
    const visible = channels.filter((channel) => ChannelRows.isVisibleTo(channel, ctx.member));
    const { member } = ctx;
    return await Promise.all(visible.map((channel) => Channels.describe(ctx, { channel, member })));
  },
});

/** What is still queued for it is suppressed when its turn comes. */
export const remove = memberMutation({
  args: { channelId: v.id("channels") },
  returns: v.null(),
  handler: async (ctx, { channelId }) => {
    const channel = await Channels.getOwn(ctx, { member: ctx.member, channelId });
    await Channels.remove(ctx, channel, Date.now());
    return null;
  },
});

/** Sends a sample message; the delivery log shows what became of it. */
export const test = memberMutation({
  args: { channelId: v.id("channels") },
  returns: v.object({ deliveryId: v.id("deliveries") }),
  handler: async (ctx, { channelId }) => ({
    deliveryId: await Notifications.test(ctx, { member: ctx.member, channelId }),
  }),
});

/** What a message would look like, before the channel is saved: the requests without their secrets. */
export const preview = viewerQuery({
  args: {
    kind: vChannelKind,
    config: vChannelConfig,
    event: v.optional(vEvent),
    machines: v.optional(v.number()),
  },
  returns: v.object({
    title: v.string(),
    text: v.string(),
    requests: v.array(v.object({ method: v.string(), target: v.string(), body: v.string() })),
  }),
  handler: async (_ctx, args) => await Previews.preview(args),
});
