/** What the page needs to draw a channel's form, and to show a message before it is sent for the first time. */
import { plain } from "../../core/escape.ts";
import { bodyOf, isAlarm, type Message, titleOf } from "../../core/messages.ts";
import { MINUTE } from "../../core/time.ts";
import type { OutboundRequest } from "../notifiers/notifier.ts";
import { notifiers, parseConfig, requestsFor } from "../notifiers/registry.ts";
import type { ChannelConfig, ChannelKind, NotificationEvent } from "../validators.ts";
import { arePrivateAddressesAllowed, pageUrl, siteUrl } from "./settings.ts";

const SAMPLE_AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const SAMPLE_NAMES = ["web-1", "web-2", "db-1", "cache-1", "worker-1"];
const MAX_TEXT = 4_000;

export function kinds() {
  return Object.values(notifiers).map(({ kind, title, fields }) => {
    const madeBy = kind === "webpush" ? ("browser" as const) : ("form" as const);
    return { kind, title, madeBy, fields };
  });
}

/** The sample message as this channel would send it. Refuses what could not be saved. */
export async function preview({
  kind,
  config,
  event = "machine.offline",
  machines = 1,
}: {
  kind: ChannelKind;
  config: ChannelConfig;
  event?: NotificationEvent | undefined;
  machines?: number | undefined;
}) {
  const arePrivateAllowed = arePrivateAddressesAllowed();
  const parsed = parseConfig({ kind, config }, { arePrivateAllowed });
  const message = sampleOf(event, Math.min(Math.max(1, machines), SAMPLE_NAMES.length));
  const requests = await requestsFor({ kind, config: parsed }, message, SAMPLE_AT);
  return {
    title: titleOf(message),
    text: bodyOf(message, { escape: plain, maxLength: MAX_TEXT }),
    requests: requests.map((request) => describe(request, secretsOf(kind, parsed))),
  };
}

function describe(request: OutboundRequest, secrets: string[]) {
  switch (request.transport) {
    case "http":
      return {
        method: request.method,
        target: new URL(request.url).origin,
        body: redact(request.body, secrets),
      };
    case "smtp":
      return {
        method: "SMTP",
        target: request.to.join(", "),
        body: redact(`${request.subject}\n\n${request.text}`, secrets),
      };
    case "push":
      return { method: "POST", target: new URL(request.url).origin, body: request.content };
    default:
      return request satisfies never;
  }
}

function secretsOf(kind: ChannelKind, config: ChannelConfig): string[] {
  return notifiers[kind].fields
    .filter(({ type }) => type === "secret")
    .map(({ name }) => config[name])
    .filter((value): value is string => typeof value === "string");
}

function redact(text: string, secrets: string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "•••"), text);
}

function sampleOf(event: NotificationEvent, count: number): Message {
  const isBack = event === "machine.online";
  return {
    id: "preview",
    event,
    machines: SAMPLE_NAMES.slice(0, count).map((name) => ({
      machineId: "V1StGXR8_Z5jdHi6B-myT",
      name,
      hostname: `${name}.example.com`,
      description: "",
      status: isBack ? "online" : "offline",
      lastSeenAt: SAMPLE_AT,
      at: SAMPLE_AT + 2 * MINUTE,
      durationMs: 2 * MINUTE,
    })),
    count,
    massSilence: null,
    problem: event === "channel.failing" ? { channelName: "Ops", error: "No answer." } : null,
    queuedAt: SAMPLE_AT + 2 * MINUTE,
    pageUrl: pageUrl(),
    acknowledgeUrl: isAlarm({ event }) ? `${siteUrl()}/a/…` : null,
    resolves: isBack ? [{ id: "opening", unresolved: 0 }] : [],
  };
}
