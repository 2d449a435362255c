/** A request of people's own making: method, headers and body with placeholders, for services without a kind of their own. */
import * as z from "zod";
import { escapeJson, plain } from "../../core/escape.ts";
import { bodyOf, type Message, titleOf } from "../../core/messages.ts";
import { choice, longText, url } from "./fields.ts";
import { defineNotifier, hostnameOf, type HttpRequest } from "./notifier.ts";

const MAX_TEXT = 4_000;
const MAX_HEADERS = 20;
/** Those that carry the request itself. */
const forbiddenHeaders = ["host", "content-length", "connection", "transfer-encoding"];

const schema = z.object({
  url: url({ label: "URL", placeholder: "https://example.com/send?text={{title}}" }),
  method: choice(["POST", "PUT", "GET"], { label: "Method" }).default("POST"),
  contentType: choice(["application/json", "text/plain", "application/x-www-form-urlencoded"], {
    label: "Body is",
  }).default("application/json"),
  headers: longText({ label: "Headers", placeholder: "Authorization: Bearer …" }).default(""),
  body: longText({
    label: "Body",
    help: "Placeholders: {{title}}, {{text}}, {{event}}, {{name}}, {{machineId}}, {{hostname}}, {{status}}, {{count}}, {{id}}, {{acknowledgeUrl}}, {{pageUrl}}.",
    placeholder: '{"text": "{{title}}"}',
  }).default('{"text": "{{title}}\\n{{text}}"}'),
});
type Config = z.output<typeof schema>;

export const template = defineNotifier({
  kind: "template",
  title: "Own request",
  schema: schema
    .refine(({ headers }) => headersIn(headers) !== null, {
      path: ["headers"],
      message: `must be lines like “Name: value”, at most ${MAX_HEADERS}`,
    })
    .refine(({ contentType, body }) => contentType !== "application/json" || isJson(body), {
      path: ["body"],
      message: "must be JSON; put placeholders inside quotes",
    }),
  targetOf: (config) => new URL(config.url).origin,
  hostOf: (config) => hostnameOf(config.url),
  requestsFor: (config, message) => [requestOf(config, message)],
});

function requestOf({ url: address, method, contentType, headers, body }: Config, message: Message) {
  const values = valuesOf(message);
  const request: HttpRequest = {
    transport: "http",
    url: fill(address, values, encodeURIComponent),
    method,
    headers: {
      ...(method === "GET" ? {} : { "Content-Type": contentType }),
      "X-Rollcall-Event-Id": message.id,
      ...headersIn(headers),
    },
    body: method === "GET" ? "" : fill(body, values, escapeFor(contentType)),
    refusals: [410],
  };
  return request;
}

function valuesOf(message: Message): Record<string, string> {
  const [first] = message.machines;
  return {
    title: titleOf(message),
    text: bodyOf(message, { escape: plain, maxLength: MAX_TEXT }),
    event: message.event,
    name: plain(first?.name ?? ""),
    machineId: first?.machineId ?? "",
    hostname: plain(first?.hostname ?? ""),
    status: first?.status ?? "",
    count: String(message.count),
    id: message.id,
    acknowledgeUrl: message.acknowledgeUrl ?? "",
    pageUrl: message.pageUrl ?? "",
  };
}

/** In one pass: what a name contains is never taken for a placeholder. */
function fill(text: string, values: Record<string, string>, escape: (value: string) => string) {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? escape(values[name] ?? "") : whole,
  );
}

function escapeFor(contentType: Config["contentType"]): (value: string) => string {
  switch (contentType) {
    case "application/json":
      return escapeJson;
    case "application/x-www-form-urlencoded":
      return encodeURIComponent;
    case "text/plain":
      return (value) => value;
    default:
      return contentType satisfies never;
  }
}

function isJson(body: string): boolean {
  try {
    JSON.parse(fill(body, valuesOf(SAMPLE), escapeJson));
    return true;
  } catch {
    return false;
  }
}

const SAMPLE: Message = {
  id: "sample",
  event: "test",
  machines: [],
  count: 0,
  massSilence: null,
  problem: null,
  queuedAt: 0,
  pageUrl: null,
  acknowledgeUrl: null,
  resolves: [],
};

/** Names and values, or null where a line is none or must not be set. */
function headersIn(lines: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const line of lines.split(/\r?\n/).filter((text) => text.trim() !== "")) {
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x20-\x7e]*)$/.exec(line.trim());
    const [, name = "", value = ""] = match ?? [];
    if (match === null || forbiddenHeaders.includes(name.toLowerCase())) return null;
    headers[name] = value;
  }
  return Object.keys(headers).length <= MAX_HEADERS ? headers : null;
}
