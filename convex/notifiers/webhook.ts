/** The webhook channel (S1.4): body and signatures. Grouped messages add `machines` and `count`. */
import * as z from "zod";
import type { Message, MessageMachine } from "../../core/messages.ts";
import { SECOND } from "../../core/time.ts";
import { VERSION } from "../../core/version.ts";
import { secret, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

/** Secrets written so, as the Standard Webhooks specification does, are base64 of the key of its own header. */
const STANDARD_PREFIX = "whsec_";
/** The receiver says that it is gone for good. Any other answer may be different next time. */
const GONE = 410;

const schema = z.object({
  url: url({ label: "URL", placeholder: "https://hooks.example.com/rollcall" }),
  secret: secret(
    {
      label: "Signing secret",
      help: "Signs each message: X-Webhook-Signature, and webhook-signature as Standard Webhooks has it.",
    },
    {
      isUsable: (value) => !value.startsWith(STANDARD_PREFIX) || standardKey(value) !== null,
      otherwise: `must be base64 after ${STANDARD_PREFIX}`,
    },
  ).optional(),
});

export const webhook = defineNotifier({
  kind: "webhook",
  title: "Webhook",
  schema,
  targetOf: (config) => new URL(config.url).origin,
  hostOf: (config) => hostnameOf(config.url),
  requestsFor: async (config, message, now) => {
    const request = jsonRequest(config.url, contentOf(message), { refusals: [GONE] });
    const timestamp = String(Math.floor(now / SECOND));
    const { id } = message;
    const signatures =
      config.secret === undefined
        ? {}
        : await sign({ secret: config.secret, id, timestamp, body: request.body });
    const headers = {
      ...request.headers,
      "User-Agent": `Rollcall/${VERSION}`,
      "X-Rollcall-Event-Id": id,
      "X-Rollcall-Timestamp": timestamp,
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      ...signatures,
    };
    return [{ ...request, headers }];
  },
});

/** What S1.4 says for one machine; see docs/decisions for several. */
export function contentOf({ event, machines, count, problem, massSilence }: Message) {
  const [first] = machines;
  return {
    event,
    ...(first === undefined ? {} : { machine: describe(first) }),
    ...(count > 1 ? { count, machines: machines.map(describe) } : {}),
    ...(count > 1 && massSilence !== null ? { massSilence } : {}),
    ...(problem === null ? {} : { channel: { name: problem.channelName, error: problem.error } }),
  };
}

function describe({ machineId, name, hostname, description, status, lastSeenAt }: MessageMachine) {
  const last_seen = lastSeenAt === null ? null : new Date(lastSeenAt).toISOString();
  return { id: machineId, name, hostname, description, status, last_seen };
}

async function sign({
  secret: key,
  id,
  timestamp,
  body,
}: {
  secret: string;
  id: string;
  timestamp: string;
  body: string;
}): Promise<Record<string, string>> {
  const bytes = new TextEncoder().encode(key);
  const standardBytes = key.startsWith(STANDARD_PREFIX) ? (standardKey(key) ?? bytes) : bytes;
  const plain = await hmacSha256(bytes, body);
  const standard = await hmacSha256(standardBytes, `${id}.${timestamp}.${body}`);
  return {
    "X-Webhook-Signature": `sha256=${toHex(plain)}`,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...standard))}`,
  };
}

async function hmacSha256(keyBytes: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyBytes, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}

function standardKey(value: string): Uint8Array<ArrayBuffer> | null {
  try {
    const decoded = atob(value.slice(STANDARD_PREFIX.length));
    const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
    return bytes.length === 0 ? null : bytes;
  } catch {
    return null;
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
