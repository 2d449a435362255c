/** Discord: a webhook with one embed. Markdown in names is escaped, and nobody can be mentioned. */
import * as z from "zod";
import { clip, escapeMarkdown } from "../../core/escape.ts";
import { bodyOf, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { SECOND } from "../../core/time.ts";
import { url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4_096;
const LINKS_LENGTH = 600;

const schema = z.object({
  url: url({ label: "Webhook URL", placeholder: "https://discord.com/api/webhooks/…" }),
});

export const discord = defineNotifier({
  kind: "discord",
  title: "Discord",
  schema,
  targetOf: (config) => new URL(config.url).origin,
  hostOf: (config) => hostnameOf(config.url),
  requestsFor: (config, message) => [
    jsonRequest(
      config.url,
      {
        embeds: [
          {
            title: titleFor(message),
            description: descriptionOf(message),
            color: colourOf(message),
            timestamp: new Date(message.queuedAt).toISOString(),
          },
        ],
        allowed_mentions: { parse: [] },
      },
      { waitField: { path: ["retry_after"], unitMs: SECOND } },
    ),
  ],
});

function titleFor(message: Message): string {
  const title = `${symbolOf(message)} ${escapeMarkdown(titleOf(message))}`;
  return clip(title, MAX_TITLE);
}

function descriptionOf(message: Message): string {
  const { acknowledgeUrl, pageUrl } = message;
  const maxLength = MAX_DESCRIPTION - LINKS_LENGTH;
  const body = bodyOf(message, { escape: escapeMarkdown, maxLength });
  const links = [
    acknowledgeUrl === null ? [] : [`[Acknowledge](${acknowledgeUrl})`],
    pageUrl === null ? [] : [`[Open Rollcall](${pageUrl})`],
  ].flat();
  return [body, links.join(" · ")].filter((part) => part !== "").join("\n");
}

function colourOf({ event }: Message): number {
  switch (event) {
    case "machine.offline":
    case "machine.reminder":
      return 0xd03b3b;
    case "machine.online":
      return 0x2f9e5b;
    case "machine.late":
    case "machine.flapping":
    case "channel.failing":
      return 0xd9932b;
    case "test":
      return 0x6b7280;
    default:
      return event satisfies never;
  }
}
