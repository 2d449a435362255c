/** Pushover: its message API. */
import * as z from "zod";
import { clip, plain } from "../../core/escape.ts";
import { bodyOf, isAlarm, titleOf } from "../../core/messages.ts";
import { secret, text, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_TITLE = 250;
const MAX_MESSAGE = 1_024;
const MAX_URL = 512;
const HIGH = 1;
const NORMAL = 0;

const schema = z.object({
  token: secret({ label: "Application token" }),
  user: secret({ label: "User or group key" }),
  device: text({ label: "Device", help: "Left out: all.", maxLength: 25 }).optional(),
  apiUrl: url({ label: "API server" }).default("https://api.pushover.net"),
});

export const pushover = defineNotifier({
  kind: "pushover",
  title: "Pushover",
  schema,
  targetOf: ({ device }) => device ?? "all devices",
  hostOf: ({ apiUrl }) => hostnameOf(apiUrl),
  requestsFor: ({ token, user, device, apiUrl }, message) => {
    const link = [message.acknowledgeUrl, message.pageUrl].find(
      (candidate) => candidate !== null && candidate.length <= MAX_URL,
    );
    const isAcknowledging = link === message.acknowledgeUrl;
    const body = bodyOf(message, { escape: plain, maxLength: MAX_MESSAGE });
    return [
      jsonRequest(`${apiUrl.replace(/\/+$/, "")}/1/messages.json`, {
        token,
        user,
        ...(device === undefined ? {} : { device }),
        title: clip(titleOf(message), MAX_TITLE),
        // An empty message is refused.
        message: body === "" ? titleOf(message) : body,
        priority: isAlarm(message) ? HIGH : NORMAL,
        timestamp: Math.floor(message.queuedAt / 1_000),
        ...(typeof link === "string"
          ? { url: link, url_title: isAcknowledging ? "Acknowledge" : "Open Rollcall" }
          : {}),
      }),
    ];
  },
});
