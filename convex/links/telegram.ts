/** POST /telegram/<channel>: what people press under a Telegram message. The answer is itself a call of the Bot API. */
import { v } from "convex/values";
import * as z from "zod";
import { HOUR } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import { httpAction, internalMutation } from "../functions.ts";
import * as AckLinks from "../model/ackLinks.ts";
import * as Telegram from "../model/telegram.ts";

const MAX_BODY_CHARACTERS = 64 * 1024;
const SNOOZE_MS = HOUR;

/** What of an update is read; see the Bot API's CallbackQuery. */
const update = z.object({
  callback_query: z.object({
    id: z.string(),
    from: z.object({ first_name: z.string(), username: z.string().optional() }),
    message: z.object({
      chat: z.object({ id: z.number(), username: z.string().optional() }),
    }),
    data: z.string(),
  }),
});

/** Telegram is answered 200 whatever it sends, or it would send it again for hours. */
export const callback = httpAction(async (ctx, request) => {
  const secretToken = request.headers.get("x-telegram-bot-api-secret-token") ?? "";
  const query = parse(await request.text());
  if (query === null) return new Response(null, { status: 200 });
  const { pathname } = new URL(request.url);
  const start = pathname.indexOf(Telegram.CALLBACK_PATH) + Telegram.CALLBACK_PATH.length;
  const [action = "", deliveryId = ""] = query.data.split(":");
  const text = await ctx.runMutation(internal.links.telegram.record, {
    channelId: pathname.slice(start),
    secretToken,
    chat: query.message.chat,
    action,
    deliveryId,
    by: query.from.username === undefined ? query.from.first_name : `@${query.from.username}`,
  });
  if (text === null) return new Response(null, { status: 200 });
  return Response.json({
    method: "answerCallbackQuery",
    callback_query_id: query.id,
    text,
    show_alert: text.startsWith("Already"),
  });
});

/** Does what was pressed and says what came of it; null for whoever is not that bot in that chat. */
export const record = internalMutation({
  args: {
    channelId: v.string(),
    secretToken: v.string(),
    chat: v.object({ id: v.number(), username: v.optional(v.string()) }),
    action: v.string(),
    deliveryId: v.string(),
    by: v.string(),
  },
  returns: v.union(v.string(), v.null()),
  handler: async (ctx, { action, deliveryId, by, ...origin }) => {
    const channel = await Telegram.channelOfCallback(ctx, origin);
    const id = ctx.db.normalizeId("deliveries", deliveryId);
    const delivery = channel && id && (await ctx.db.get("deliveries", id));
    if (!delivery || delivery.channelId !== channel._id) return null;
    const now = Date.now();
    switch (action) {
      case "acknowledge":
        return describe(await AckLinks.acknowledge(ctx, { delivery, by, now }), "Acknowledged.");
      case "snooze": {
        const outcome = await AckLinks.snooze(ctx, { delivery, durationMs: SNOOZE_MS, by, now });
        return describe(outcome, "Snoozed for one hour.");
      }
      default:
        return null;
    }
  },
});

function describe(outcome: AckLinks.LinkOutcome, done: string): string {
  switch (outcome.kind) {
    case "done":
      return done;
    case "already":
      return `Already acknowledged by ${outcome.by}.`;
    case "over":
      return "It is over: the machine is back.";
    default:
      return outcome satisfies never;
  }
}

function parse(text: string): z.output<typeof update>["callback_query"] | null {
  if (text.length > MAX_BODY_CHARACTERS) return null;
  try {
    const parsed = update.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.callback_query : null;
  } catch {
    return null;
  }
}
