/** What a kind of channel is: its form, where it sends, and the requests that it makes of a message. Sends nothing. */
import type * as z from "zod";
import type { Message } from "../../core/messages.ts";
import type { ChannelConfig, ChannelKind } from "../validators.ts";
import { type FieldDescription, describeFields } from "./fields.ts";

export interface HttpRequest {
  transport: "http";
  url: string;
  method: "GET" | "POST" | "PUT";
  headers: Record<string, string>;
  body: string;
  /** Answers that will be the same next time: not sent again. */
  refusals: readonly number[];
  /** Where an answer of 429 says in its JSON how long to wait, beside or instead of Retry-After. */
  waitField?: WaitField | undefined;
}

export interface WaitField {
  path: readonly string[];
  /** Milliseconds of one of its units. */
  unitMs: number;
}

export interface MailRequest {
  transport: "smtp";
  /** smtp:// or smtps:// with the account. */
  server: string;
  /** Whether the address of the server came from a person, so that it must not be a private one. */
  isGuarded: boolean;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  messageId: string;
  inReplyTo: string | null;
}

/** What a browser is to be sent; encrypted and signed where it is sent. */
export interface PushRequest {
  transport: "push";
  url: string;
  /** The browser's, in base64url. */
  keys: { p256dh: string; auth: string };
  content: string;
  /** Messages of the same topic replace each other while the browser is off. */
  topic: string;
  urgency: "high" | "normal";
  ttlMs: number;
}

export type OutboundRequest = HttpRequest | MailRequest | PushRequest;

export interface Notifier {
  kind: ChannelKind;
  title: string;
  fields: FieldDescription[];
  /** @throws ZodError */
  parse: (config: ChannelConfig) => ChannelConfig;
  /** Where messages go, in a form that gives no secret away. */
  targetOf: (config: ChannelConfig) => string;
  /** What the circuit breaker watches. */
  hostOf: (config: ChannelConfig) => string;
  /** In their order; each may be sent again. None where the kind has nothing to say. */
  requestsFor: (
    config: ChannelConfig,
    message: Message,
    now: number,
  ) => Promise<OutboundRequest[]> | OutboundRequest[];
}

/** Answers of an API that says that the request or its account is wrong. */
export const CLIENT_ERRORS = [400, 401, 403, 404, 405, 410, 413, 415, 422] as const;

export function defineNotifier<Schema extends z.ZodObject>(definition: {
  kind: ChannelKind;
  title: string;
  schema: Schema;
  targetOf: (config: z.output<Schema>) => string;
  hostOf: (config: z.output<Schema>) => string;
  requestsFor: (
    config: z.output<Schema>,
    message: Message,
    now: number,
  ) => Promise<OutboundRequest[]> | OutboundRequest[];
}): Notifier {
  const { kind, title, schema, targetOf, hostOf, requestsFor } = definition;
  // A stored configuration that cannot be read must not stop the list or the outbox of all others.
  const read = (
    config: ChannelConfig,
    describe: (config: z.output<Schema>) => string,
    otherwise: string,
  ) => {
    const parsed = schema.safeParse(config);
    return parsed.success ? describe(parsed.data) : otherwise;
  };
  return {
    kind,
    title,
    fields: describeFields(schema),
    parse: (config) => schema.parse(config) as ChannelConfig,
    targetOf: (config) => read(config, targetOf, ""),
    hostOf: (config) => read(config, hostOf, kind),
    requestsFor: (config, message, now) => requestsFor(schema.parse(config), message, now),
  };
}

/** A request with a JSON body. */
export function jsonRequest(
  url: string,
  body: unknown,
  options: Partial<Pick<HttpRequest, "method" | "headers" | "refusals" | "waitField">> = {},
): HttpRequest {
  return {
    transport: "http",
    url,
    method: options.method ?? "POST",
    headers: { "Content-Type": "application/json", ...options.headers },
    body: JSON.stringify(body),
    refusals: options.refusals ?? CLIENT_ERRORS,
    ...(options.waitField === undefined ? {} : { waitField: options.waitField }),
  };
}

export function hostnameOf(url: string): string {
  return new URL(url).host;
}
