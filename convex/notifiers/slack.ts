/** Slack: an incoming webhook, in blocks of plain text, so that no name can format, link or mention. */
import * as z from "zod";
import { clip, escapeSlack, plain } from "../../core/escape.ts";
import { bodyOf, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_HEADER = 150;
const MAX_SECTION = 3_000;

const schema = z.object({
  url: url({ label: "Webhook URL", placeholder: "https://hooks.slack.com/services/…" }),
});

export const slack = defineNotifier({
  kind: "slack",
  title: "Slack",
  schema,
  targetOf: (config) => new URL(config.url).origin,
  hostOf: (config) => hostnameOf(config.url),
  requestsFor: (config, message) => [jsonRequest(config.url, contentOf(message))],
});

function contentOf(message: Message) {
  const title = clip(`${symbolOf(message)} ${titleOf(message)}`, MAX_HEADER);
  const body = bodyOf(message, { escape: plain, maxLength: MAX_SECTION });
  const links = linksOf(message);
  return {
    text: escapeSlack(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      ...(body === ""
        ? []
        : [{ type: "section", text: { type: "plain_text", text: body, emoji: false } }]),
      ...(links === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: links } }]),
    ],
  };
}

function linksOf({ acknowledgeUrl, pageUrl }: Message): string {
  return [
    acknowledgeUrl === null ? [] : [`<${escapeSlack(acknowledgeUrl)}|Acknowledge>`],
    pageUrl === null ? [] : [`<${escapeSlack(pageUrl)}|Open Rollcall>`],
  ]
    .flat()
    .join(" · ");
}
