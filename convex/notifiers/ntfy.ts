/** ntfy: publishing as JSON, on ntfy.sh or one's own server. */
import * as z from "zod";
import { clip, clipBytes, plain } from "../../core/escape.ts";
import { bodyOf, isAlarm, type Message, titleOf } from "../../core/messages.ts";
import { secret, text, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

/** Beyond this a message becomes an attachment. */
const MAX_BYTES = 4_096;
const MAX_TITLE = 250;
const URGENT = 5;
const NORMAL = 3;

const schema = z.object({
  serverUrl: url({ label: "Server" }).default("https://ntfy.sh"),
  topic: text({ label: "Topic", maxLength: 64 }),
  token: secret({ label: "Access token", help: "Only for protected topics." }).optional(),
});

export const ntfy = defineNotifier({
  kind: "ntfy",
  title: "ntfy",
  schema,
  targetOf: ({ serverUrl, topic }) => `${new URL(serverUrl).host}/${topic}`,
  hostOf: ({ serverUrl }) => hostnameOf(serverUrl),
  requestsFor: ({ serverUrl, topic, token }, message) => [
    jsonRequest(
      serverUrl,
      {
        topic,
        title: clip(titleOf(message), MAX_TITLE),
        message: clipBytes(bodyOf(message, { escape: plain, maxLength: MAX_BYTES }), MAX_BYTES),
        priority: isAlarm(message) ? URGENT : NORMAL,
        tags: [tagOf(message)],
        ...(message.pageUrl === null ? {} : { click: message.pageUrl }),
        ...(message.acknowledgeUrl === null
          ? {}
          : { actions: [{ action: "view", label: "Acknowledge", url: message.acknowledgeUrl }] }),
      },
      token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } },
    ),
  ],
});

/** Short codes of emoji. */
function tagOf({ event }: Message): string {
  switch (event) {
    case "machine.offline":
    case "machine.reminder":
      return "red_circle";
    case "machine.online":
      return "green_circle";
    case "machine.late":
      return "yellow_circle";
    case "machine.flapping":
      return "orange_circle";
    case "channel.failing":
      return "warning";
    case "test":
      return "bell";
    default:
      return event satisfies never;
  }
}
