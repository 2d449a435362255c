/** Microsoft Teams: a workflow's webhook that takes an Adaptive Card. */
import * as z from "zod";
import { clip, escapeMarkdown } from "../../core/escape.ts";
import { bodyOf, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

/** A card of 28 KB is refused; the rest of it needs less than the difference. */
const MAX_BODY = 12_000;
const MAX_TITLE = 500;

const schema = z.object({
  url: url({
    label: "Workflow URL",
    help: "In Teams: Workflows, “Post to a channel when a webhook request is received”.",
    placeholder: "https://….logic.azure.com/workflows/…",
  }),
});

export const teams = defineNotifier({
  kind: "teams",
  title: "Microsoft Teams",
  schema,
  targetOf: (config) => new URL(config.url).origin,
  hostOf: (config) => hostnameOf(config.url),
  requestsFor: (config, message) => [
    jsonRequest(config.url, {
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: cardOf(message),
        },
      ],
    }),
  ],
});

function cardOf(message: Message) {
  const title = clip(`${symbolOf(message)} ${escapeMarkdown(titleOf(message))}`, MAX_TITLE);
  // In a TextBlock only an empty line begins a new one.
  const escape = (line: string) => `${escapeMarkdown(line)}\n`;
  const body = bodyOf(message, { escape, maxLength: MAX_BODY });
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      { type: "TextBlock", text: title, weight: "Bolder", size: "Medium", wrap: true },
      ...(body === "" ? [] : [{ type: "TextBlock", text: body, wrap: true }]),
    ],
    actions: [
      ...openUrl("Acknowledge", message.acknowledgeUrl),
      ...openUrl("Open Rollcall", message.pageUrl),
    ],
  };
}

function openUrl(title: string, url: string | null) {
  return url === null ? [] : [{ type: "Action.OpenUrl", title, url }];
}
