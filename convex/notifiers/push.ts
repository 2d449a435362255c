/** Sends Web Push messages: encrypted for the browser (RFC 8291), signed by the installation (RFC 8292). */
"use node";

import { generateRequestDetails } from "web-push";
import { SECOND } from "../../core/time.ts";
import type { Vapid } from "../model/vapidKeys.ts";
import type { SendOutcome } from "../validators.ts";
import { CLIENT_ERRORS, type PushRequest } from "./notifier.ts";
import { outboundFetch } from "./outboundFetch.ts";

/** Sends and tells how it ended. @throws Error where the browser's keys are none */
export async function sendPush(request: PushRequest, vapid: Vapid): Promise<SendOutcome> {
  const { url, keys, content, topic, urgency, ttlMs } = request;
  const { headers, body } = generateRequestDetails({ endpoint: url, keys }, content, {
    vapidDetails: vapid,
    contentEncoding: "aes128gcm",
    TTL: ttlMs / SECOND,
    urgency,
    topic,
  });
  return await outboundFetch({
    transport: "http",
    url,
    method: "POST",
    headers: textsOf(headers),
    body,
    refusals: CLIENT_ERRORS,
  });
}

function textsOf(headers: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
