/** Gotify: one's own push server. */
import * as z from "zod";
import { clip, plain } from "../../core/escape.ts";
import { bodyOf, isAlarm, titleOf } from "../../core/messages.ts";
import { secret, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_TITLE = 250;
const MAX_MESSAGE = 8_000;
/** From 8 on its app makes a noise. */
const URGENT = 8;
const NORMAL = 4;

const schema = z.object({
  serverUrl: url({ label: "Server", placeholder: "https://gotify.example.com" }),
  token: secret({ label: "Application token" }),
});

export const gotify = defineNotifier({
  kind: "gotify",
  title: "Gotify",
  schema,
  targetOf: ({ serverUrl }) => new URL(serverUrl).origin,
  hostOf: ({ serverUrl }) => hostnameOf(serverUrl),
  requestsFor: ({ serverUrl, token }, message) => [
    jsonRequest(
      `${serverUrl.replace(/\/+$/, "")}/message`,
      {
        title: clip(titleOf(message), MAX_TITLE),
        message: [
          bodyOf(message, { escape: plain, maxLength: MAX_MESSAGE }),
          ...(message.acknowledgeUrl === null ? [] : [`Acknowledge: ${message.acknowledgeUrl}`]),
        ].join("\n"),
        priority: isAlarm(message) ? URGENT : NORMAL,
        extras: {
          "client::display": { contentType: "text/plain" },
          ...(message.pageUrl === null
            ? {}
            : { "client::notification": { click: { url: message.pageUrl } } }),
        },
      },
      { headers: { "X-Gotify-Key": token } },
    ),
  ],
});
