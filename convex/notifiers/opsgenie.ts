/** Opsgenie's Alert API, which others speak as well: the message that opens incidents is one alert, closed when all are back. */
import * as z from "zod";
import { clip } from "../../core/escape.ts";
import { linesOf, type Message, titleOf } from "../../core/messages.ts";
import { choice, secret, url } from "./fields.ts";
import { defineNotifier, hostnameOf, jsonRequest } from "./notifier.ts";

const MAX_MESSAGE = 130;
const MAX_DESCRIPTION = 15_000;
const MAX_NOTE = 25_000;
const MAX_CLOSED = 20;

const schema = z.object({
  apiKey: secret({ label: "API key" }),
  priority: choice(["P1", "P2", "P3", "P4", "P5"], { label: "Priority" }).default("P1"),
  apiUrl: url({ label: "API server", help: "In the EU: https://api.eu.opsgenie.com" }).default(
    "https://api.opsgenie.com",
  ),
});
type Config = z.output<typeof schema>;

export const opsgenie = defineNotifier({
  kind: "opsgenie",
  title: "Opsgenie",
  schema,
  targetOf: ({ apiUrl }) => new URL(apiUrl).host,
  hostOf: ({ apiUrl }) => hostnameOf(apiUrl),
  requestsFor: (config, message) =>
    callsOf(config, message).map(({ path, body }) =>
      jsonRequest(`${config.apiUrl.replace(/\/+$/, "")}/v2/alerts${path}`, body, {
        headers: { Authorization: `GenieKey ${config.apiKey}` },
      }),
    ),
});

function callsOf({ priority }: Config, message: Message): { path: string; body: object }[] {
  const alias = (id: string) => `rollcall-${id}`;
  const source = "Rollcall";
  if (message.event === "machine.online") {
    const note = clip([titleOf(message), ...linesOf(message)].join("\n"), MAX_NOTE);
    return message.resolves.slice(0, MAX_CLOSED).map(({ id, unresolved }) => ({
      path: `/${encodeURIComponent(alias(id))}/${unresolved === 0 ? "close" : "notes"}?identifierType=alias`,
      body: { source, note },
    }));
  }
  const { acknowledgeUrl } = message;
  const lines = [
    ...linesOf(message),
    ...(acknowledgeUrl === null ? [] : [`Acknowledge: ${acknowledgeUrl}`]),
  ];
  const alert = {
    message: clip(titleOf(message), MAX_MESSAGE),
    alias: alias(message.id),
    description: clip(lines.join("\n"), MAX_DESCRIPTION),
    priority: message.event === "test" ? "P5" : priority,
    source,
    tags: [message.event],
  };
  return [{ path: "", body: alert }];
}
