/** Telegram: the Bot API's sendMessage, with buttons to acknowledge and snooze where the bot's callbacks reach us. */
import * as z from "zod";
import { clip, escapeHtml } from "../../core/escape.ts";
import { bodyOf, isAlarm, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { SECOND } from "../../core/time.ts";
import { secret, text, toggle, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_TEXT = 4_096;
/** The links below the text. */
const LINKS_LENGTH = 600;
const TITLE_LENGTH = 500;

const schema = z.object({
  botToken: secret(
    { label: "Bot token", placeholder: "123456:ABC-DEF…", help: "From @BotFather." },
    {
      isUsable: (value) => /^\d+:[\w-]+$/.test(value),
      otherwise: "must be a bot's token, like 123456:ABC-DEF",
    },
  ),
  chatId: text({ label: "Chat", placeholder: "-1001234567890 or @channel", maxLength: 100 }),
  threadId: text({
    label: "Topic",
    help: "The number of a forum topic.",
    maxLength: 20,
  }).optional(),
  hasButtons: toggle({
    label: "Buttons to acknowledge and snooze",
    help: "Telegram must be able to reach this installation over https.",
  }).default(false),
  apiUrl: url({ label: "Bot API server" }).default("https://api.telegram.org"),
});

export const telegram = defineNotifier({
  kind: "telegram",
  title: "Telegram",
  schema,
  targetOf: ({ chatId }) => chatId,
  hostOf: ({ apiUrl }) => hostnameOf(apiUrl),
  requestsFor: ({ botToken, chatId, threadId, hasButtons, apiUrl }, message) => [
    jsonRequest(
      methodUrl(apiUrl, botToken, "sendMessage"),
      {
        chat_id: chatId,
        text: textOf(message),
        parse_mode: "HTML",
        link_preview_options: { is_disabled: true },
        ...(threadId === undefined ? {} : { message_thread_id: Number(threadId) }),
        ...(hasButtons && isAlarm(message) ? { reply_markup: buttonsOf(message) } : {}),
      },
      { waitField: { path: ["parameters", "retry_after"], unitMs: SECOND } },
    ),
  ],
});

/** Has the bot send what people press in its chats to us. Telegram repeats the secret in a header. */
export function setWebhookRequest(
  config: { botToken: string; apiUrl: string },
  callback: { url: string; secretToken: string },
) {
  return jsonRequest(methodUrl(config.apiUrl, config.botToken, "setWebhook"), {
    url: callback.url,
    secret_token: callback.secretToken,
    allowed_updates: ["callback_query"],
  });
}

function methodUrl(apiUrl: string, botToken: string, method: string): string {
  return `${apiUrl.replace(/\/+$/, "")}/bot${botToken}/${method}`;
}

function textOf(message: Message): string {
  const title = clip(`${symbolOf(message)} ${titleOf(message)}`, TITLE_LENGTH);
  const links = [
    message.acknowledgeUrl === null ? [] : [linkTo(message.acknowledgeUrl, "Acknowledge")],
    message.pageUrl === null ? [] : [linkTo(message.pageUrl, "Open Rollcall")],
  ].flat();
  const head = `<b>${escapeHtml(title)}</b>\n`;
  const foot = links.length === 0 ? "" : `\n${links.join(" · ")}`;
  const maxLength = MAX_TEXT - head.length - Math.max(foot.length, LINKS_LENGTH);
  return head + bodyOf(message, { escape: escapeHtml, maxLength }) + foot;
}

function linkTo(href: string, label: string): string {
  return `<a href="${escapeHtml(href)}">${label}</a>`;
}

function buttonsOf({ id }: Message) {
  return {
    inline_keyboard: [
      [
        { text: "Acknowledge", callback_data: `acknowledge:${id}` },
        { text: "Snooze 1 h", callback_data: `snooze:${id}` },
      ],
    ],
  };
}
