/**
 * PagerDuty: Events API v2. The message that opens incidents is one alert; a recovery resolves it when the last of its
 * machines is back, and tells how many are still away before that.
 */
import * as z from "zod";
import { clip, plain } from "../../core/escape.ts";
import { linesOf, type Message, titleOf } from "../../core/messages.ts";
import { choice, secret, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_SUMMARY = 1_024;
const MAX_DETAILS = 20_000;
/** Alerts that one recovery can touch; more come with later ones. */
const MAX_RESOLVED = 20;

const schema = z.object({
  routingKey: secret({ label: "Integration key" }),
  severity: choice(["critical", "error", "warning"], { label: "Severity" }).default("critical"),
  apiUrl: url({ label: "Events server" }).default("https://events.pagerduty.com"),
});
type Config = z.output<typeof schema>;

export const pagerduty = defineNotifier({
  kind: "pagerduty",
  title: "PagerDuty",
  schema,
  targetOf: ({ apiUrl }) => new URL(apiUrl).host,
  hostOf: ({ apiUrl }) => hostnameOf(apiUrl),
  requestsFor: (config, message) =>
    eventsOf(config, message).map((event) =>
      jsonRequest(`${config.apiUrl.replace(/\/+$/, "")}/v2/enqueue`, {
        routing_key: config.routingKey,
        ...event,
      }),
    ),
});

function eventsOf({ severity }: Config, message: Message): object[] {
  const key = (id: string) => `rollcall-${id}`;
  if (message.event !== "machine.online") return [trigger(message, key(message.id), severity)];
  return message.resolves.slice(0, MAX_RESOLVED).map(({ id, unresolved }) => {
    if (unresolved === 0) return { event_action: "resolve", dedup_key: key(id) };
    const summary = `${unresolved} still offline; ${titleOf(message)}`;
    return trigger(message, key(id), severity, summary);
  });
}

function trigger(message: Message, dedupKey: string, severity: string, summary?: string) {
  const [first] = message.machines;
  const { acknowledgeUrl, pageUrl } = message;
  return {
    event_action: "trigger",
    dedup_key: dedupKey,
    payload: {
      summary: clip(summary ?? titleOf(message), MAX_SUMMARY),
      source: plain(first?.hostname ?? first?.name ?? "rollcall"),
      severity: message.event === "test" ? "info" : severity,
      timestamp: new Date(message.queuedAt).toISOString(),
      custom_details: { text: clip(linesOf(message).join("\n"), MAX_DETAILS) },
    },
    links: [
      ...(acknowledgeUrl === null ? [] : [{ href: acknowledgeUrl, text: "Acknowledge" }]),
      ...(pageUrl === null ? [] : [{ href: pageUrl, text: "Open Rollcall" }]),
    ],
  };
}
