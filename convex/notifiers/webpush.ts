/**
 * Web Push (RFC 8030): a notification of one browser, shown by public/sw.js. What it says is encrypted for that browser
 * when it is sent (push.ts), so that the push service between reads nothing.
 */
import * as z from "zod";
import { clip, clipBytes, plain } from "../../core/escape.ts";
import { bodyOf, isAlarm, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { DAY } from "../../core/time.ts";
import { sha256Hex } from "../model/credentials.ts";
import { secret, text, url } from "./fields.ts";
import { defineNotifier, hostnameOf, type PushRequest } from "./notifier.ts";

/** Push services take 4,096 bytes, encryption and JSON's escapes included; screens show far less. */
const MAX_TITLE = 150;
const MAX_BODY = 800;
/** How long the push service keeps it for a browser that is off. */
const TTL_MS = DAY;
/** Of a Topic header (RFC 8030, 5.4). */
const MAX_TOPIC = 32;
const P256_POINT_BYTES = 65;
const AUTH_BYTES = 16;

const schema = z.object({
  endpoint: url({ label: "Push service" }),
  p256dh: secret({ label: "Browser's key" }, base64UrlOf(P256_POINT_BYTES)),
  auth: secret({ label: "Browser's secret" }, base64UrlOf(AUTH_BYTES)),
  browser: text({ label: "Browser", placeholder: "Firefox on Linux", maxLength: 100 }),
});

export const webpush = defineNotifier({
  kind: "webpush",
  title: "Web Push",
  schema,
  targetOf: ({ browser }) => browser,
  hostOf: ({ endpoint }) => hostnameOf(endpoint),
  requestsFor: async ({ endpoint, p256dh, auth }, message) => {
    const request: PushRequest = {
      transport: "push",
      url: endpoint,
      keys: { p256dh, auth },
      content: JSON.stringify(contentOf(message)),
      topic: (await sha256Hex(message.id)).slice(0, MAX_TOPIC),
      urgency: isAlarm(message) ? "high" : "normal",
      ttlMs: TTL_MS,
    };
    return [request];
  },
});

/** What public/sw.js reads. Two of the same tag are one on the screen: a repeated message, and an alarm and its end. */
function contentOf(message: Message) {
  const { id, acknowledgeUrl, queuedAt } = message;
  return {
    title: clip(`${symbolOf(message)} ${titleOf(message)}`, MAX_TITLE),
    body: clipBytes(bodyOf(message, { escape: plain, maxLength: MAX_BODY }), MAX_BODY),
    tag: endedBy(message) ?? id,
    at: queuedAt,
    path: pathFor(message),
    acknowledgeUrl,
  };
}

/** The alarm that this message ends as a whole. */
function endedBy({ resolves: [opening, ...others] }: Message): string | null {
  return opening?.unresolved === 0 && others.length === 0 ? opening.id : null;
}

/** The page to open, as src/config/paths.ts has it. */
function pathFor({ event, machines: [first], count }: Message): string {
  if (event === "test" || event === "channel.failing" || first === undefined) {
    return "/notifications";
  }
  return count === 1 ? `/machines/${encodeURIComponent(first.machineId)}` : "/incidents";
}

function base64UrlOf(sizeBytes: number) {
  const length = Math.ceil((sizeBytes * 4) / 3);
  return {
    isUsable: (value: string) => value.length === length && /^[\w-]+$/.test(value),
    otherwise: `must be ${sizeBytes} bytes in base64url`,
  };
}
