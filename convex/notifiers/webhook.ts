/** The webhook channel (S1.4): its configuration, body and signatures. Sends nothing itself. */
import { isPrivateHost } from "../../core/addresses.ts";
import { SECOND } from "../../core/time.ts";
import { VERSION } from "../../core/version.ts";
import type { Doc } from "../_generated/dataModel.js";
import { fail } from "../model/fail.ts";
import type { WebhookConfig } from "../validators.ts";
import type { OutboundRequest } from "./registry.ts";

const MAX_URL_LENGTH = 2_048;
const MAX_SECRET_LENGTH = 256;
/** Secrets written so, as the Standard Webhooks specification does, are base64 of the key of its own header. */
const STANDARD_PREFIX = "whsec_";

export function parseConfig(
  { url, secret }: WebhookConfig,
  { arePrivateAllowed }: { arePrivateAllowed: boolean },
): WebhookConfig {
  const parsed = parseUrl(url);
  if (parsed.username !== "" || parsed.password !== "") {
    refuseUrl("must not contain a user name or password; use a signing secret instead");
  }
  if (!arePrivateAllowed && isPrivateHost(parsed.hostname)) {
    refuseUrl("must be a public address: this one is private, loopback or reserved");
  }
  return secret === undefined || secret === ""
    ? { url: parsed.href }
    : { url: parsed.href, secret: parseSecret(secret) };
}

export function targetOf({ url }: WebhookConfig): string {
  return new URL(url).origin;
}

export async function requestFor(
  { url, secret }: WebhookConfig,
  delivery: Doc<"deliveries">,
  now: number,
): Promise<OutboundRequest> {
  const body = bodyOf(delivery);
  const timestamp = String(Math.floor(now / SECOND));
  return {
    url,
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "User-Agent": `Rollcall/${VERSION}`,
      "X-Rollcall-Event-Id": delivery._id,
      "X-Rollcall-Timestamp": timestamp,
      "webhook-id": delivery._id,
      "webhook-timestamp": timestamp,
      ...(secret === undefined ? {} : await sign({ secret, id: delivery._id, timestamp, body })),
    },
    body,
  };
}

function bodyOf({ event, machine }: Doc<"deliveries">): string {
  return JSON.stringify({
    event,
    machine: {
      id: machine.machineId,
      name: machine.name,
      hostname: machine.hostname,
      description: machine.description,
      status: machine.status,
      last_seen: machine.lastSeenAt === null ? null : new Date(machine.lastSeenAt).toISOString(),
    },
  });
}

async function sign({
  secret,
  id,
  timestamp,
  body,
}: {
  secret: string;
  id: string;
  timestamp: string;
  body: string;
}): Promise<Record<string, string>> {
  const plain = await hmacSha256(new TextEncoder().encode(secret), body);
  const standard = await hmacSha256(standardKeyOf(secret), `${id}.${timestamp}.${body}`);
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

function standardKeyOf(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith(STANDARD_PREFIX)) return new TextEncoder().encode(secret);
  return decodeBase64(secret.slice(STANDARD_PREFIX.length)) ?? new TextEncoder().encode(secret);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parseUrl(text: string): URL {
  const url =
    text.length <= MAX_URL_LENGTH && URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuseUrl(
      `must be an http:// or https:// address of at most ${MAX_URL_LENGTH} characters`,
    );
  }
  return url;
}

function parseSecret(secret: string): string {
  const isReadable =
    !secret.startsWith(STANDARD_PREFIX) ||
    decodeBase64(secret.slice(STANDARD_PREFIX.length)) !== null;
  if (secret.length > MAX_SECRET_LENGTH || !isReadable) {
    fail({
      kind: "invalid",
      field: "config.secret",
      message: `The secret must be at most ${MAX_SECRET_LENGTH} characters; after ${STANDARD_PREFIX} it must be base64.`,
    });
  }
  return secret;
}

function refuseUrl(message: string): never {
  return fail({ kind: "invalid", field: "config.url", message: `The URL ${message}.` });
}
