/** Matrix: a message into a room. The transaction id is the idempotency key, so that a repeated request is one message. */
import * as z from "zod";
import { escapeHtml, plain } from "../../core/escape.ts";
import { bodyOf, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { secret, text, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

/** An event of 64 KB is refused; it holds the text twice. */
const MAX_BODY = 12_000;

const schema = z.object({
  homeserverUrl: url({ label: "Homeserver", placeholder: "https://matrix.example.com" }),
  accessToken: secret({ label: "Access token" }),
  roomId: text({ label: "Room", placeholder: "!abc:example.com", maxLength: 255 }),
});

export const matrix = defineNotifier({
  kind: "matrix",
  title: "Matrix",
  schema,
  targetOf: ({ roomId }) => roomId,
  hostOf: ({ homeserverUrl }) => hostnameOf(homeserverUrl),
  requestsFor: ({ homeserverUrl, accessToken, roomId }, message) => {
    const room = encodeURIComponent(roomId);
    const path = `/_matrix/client/v3/rooms/${room}/send/m.room.message/${encodeURIComponent(message.id)}`;
    return [
      jsonRequest(`${homeserverUrl.replace(/\/+$/, "")}${path}`, contentOf(message), {
        method: "PUT",
        headers: { Authorization: `Bearer ${accessToken}` },
        // Of servers that do not send Retry-After yet.
        waitField: { path: ["retry_after_ms"], unitMs: 1 },
      }),
    ];
  },
});

function contentOf(message: Message) {
  const title = `${symbolOf(message)} ${titleOf(message)}`;
  const text = bodyOf(message, { escape: plain, maxLength: MAX_BODY });
  const html = bodyOf(message, { escape: escapeHtml, maxLength: MAX_BODY });
  const links = [
    ...(message.acknowledgeUrl === null ? [] : [["Acknowledge", message.acknowledgeUrl] as const]),
    ...(message.pageUrl === null ? [] : [["Open Rollcall", message.pageUrl] as const]),
  ];
  return {
    msgtype: "m.text",
    body: [title, text, ...links.map(([label, href]) => `${label}: ${href}`)].join("\n"),
    format: "org.matrix.custom.html",
    formatted_body: [
      `<strong>${escapeHtml(title)}</strong>`,
      html.replaceAll("\n", "<br>"),
      links.map(([label, href]) => `<a href="${escapeHtml(href)}">${label}</a>`).join(" · "),
    ]
      .filter((part) => part !== "")
      .join("<br>"),
  };
}
