/**
 * Each kind of channel against an imitation of its API, built from its public documentation: what it must be sent to
 * take a message, and what it answers when it will not: too fast in the words of that API, wrong for good, broken for now.
 */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { outboundFetch } from "../../convex/notifiers/outboundFetch.ts";
import { parseConfig, requestsFor } from "../../convex/notifiers/registry.ts";
import type { ChannelConfig, ChannelKind, SendOutcome } from "../../convex/validators.ts";
import { message } from "./messages.ts";

interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

interface Api {
  kind: Exclude<ChannelKind, "email" | "webpush">;
  config: (url: string) => ChannelConfig;
  /** Whether the API would take it; what it would complain about where not. */
  problem: (asked: Asked) => string | null;
  success: Answer;
  /** Too many requests, and for how long (milliseconds); null where the API does not say. */
  tooMany: Answer & { waitMs: number | null };
  /** The request or its account is wrong. */
  refusals: Answer[];
}

const has = (body: Record<string, unknown>, names: string[]) =>
  names.find((name) => body[name] === undefined || body[name] === "") ?? null;
const unless = (isRight: boolean, problem: string) => (isRight ? null : problem);

const hookApi = {
  config: (url: string) => ({ url: `${url}/hook` }),
};

const apis: Api[] = [
  {
    kind: "telegram",
    config: (apiUrl) => ({ botToken: "123:abc", chatId: "-100", apiUrl }),
    problem: ({ path, body }) =>
      unless(path === "/bot123:abc/sendMessage", "Not Found") ?? has(body, ["chat_id", "text"]),
    success: { status: 200, body: { ok: true, result: { message_id: 1 } } },
    tooMany: {
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: "Too Many Requests: retry after 14",
        parameters: { retry_after: 14 },
      },
      waitMs: 14_000,
    },
    refusals: [
      { status: 400, body: { ok: false, description: "Bad Request: chat not found" } },
      { status: 401, body: { ok: false, description: "Unauthorized" } },
      { status: 403, body: { ok: false, description: "Forbidden: bot was blocked by the user" } },
    ],
  },
  {
    kind: "slack",
    ...hookApi,
    problem: ({ body }) => has(body, ["text", "blocks"]),
    success: { status: 200, body: "ok" },
    tooMany: { status: 429, headers: { "Retry-After": "30" }, waitMs: 30_000 },
    refusals: [
      { status: 400, body: "invalid_payload" },
      { status: 403, body: "action_prohibited" },
      { status: 404, body: "no_service" },
      { status: 410, body: "channel_is_archived" },
    ],
  },
  {
    kind: "discord",
    ...hookApi,
    problem: ({ body }) => has(body, ["embeds", "allowed_mentions"]),
    success: { status: 204 },
    tooMany: {
      status: 429,
      body: { message: "You are being rate limited.", retry_after: 1.336, global: false },
      waitMs: 1_336,
    },
    refusals: [
      { status: 400, body: { code: 50006, message: "Cannot send an empty message" } },
      { status: 404, body: { code: 10015, message: "Unknown Webhook" } },
    ],
  },
  {
    kind: "teams",
    ...hookApi,
    problem: ({ body }) => unless(body["type"] === "message", "type") ?? has(body, ["attachments"]),
    success: { status: 202 },
    tooMany: { status: 429, headers: { "Retry-After": "12" }, waitMs: 12_000 },
    refusals: [{ status: 400 }, { status: 401 }, { status: 404 }],
  },
  {
    kind: "ntfy",
    config: (serverUrl) => ({ serverUrl, topic: "alerts", token: "tk_1" }),
    problem: ({ body, headers }) =>
      unless(headers.authorization === "Bearer tk_1", "unauthorized") ??
      has(body, ["topic", "message"]),
    success: { status: 200, body: { id: "x", event: "message" } },
    tooMany: {
      status: 429,
      body: { code: 42901, http: 429, error: "limit reached: too many requests" },
      waitMs: null,
    },
    refusals: [
      { status: 401, body: { code: 40101 } },
      { status: 403, body: { code: 40301 } },
      { status: 413, body: { code: 41301 } },
    ],
  },
  {
    kind: "gotify",
    config: (serverUrl) => ({ serverUrl, token: "A1" }),
    problem: ({ path, headers, body }) =>
      unless(path === "/message" && headers["x-gotify-key"] === "A1", "key") ??
      has(body, ["message", "title"]),
    success: { status: 200, body: { id: 1 } },
    tooMany: { status: 429, headers: { "Retry-After": "5" }, waitMs: 5_000 },
    refusals: [
      { status: 400, body: { error: "Bad Request" } },
      { status: 401, body: { error: "Unauthorized" } },
      { status: 403, body: { error: "Forbidden" } },
    ],
  },
  {
    kind: "pushover",
    config: (apiUrl) => ({ token: "t", user: "u", apiUrl }),
    problem: ({ path, body }) =>
      unless(path === "/1/messages.json", "path") ?? has(body, ["token", "user", "message"]),
    success: { status: 200, body: { status: 1, request: "r" } },
    tooMany: { status: 429, headers: { "X-Limit-App-Remaining": "0" }, waitMs: null },
    refusals: [{ status: 400, body: { status: 0, errors: ["application token is invalid"] } }],
  },
  {
    kind: "matrix",
    config: (homeserverUrl) => ({ homeserverUrl, accessToken: "syt", roomId: "!r:example.com" }),
    problem: ({ method, path, body }) =>
      unless(method === "PUT" && path.endsWith("/m.room.message/delivery1"), "path") ??
      has(body, ["msgtype", "body"]),
    success: { status: 200, body: { event_id: "$1" } },
    tooMany: {
      status: 429,
      body: { errcode: "M_LIMIT_EXCEEDED", error: "Too many requests", retry_after_ms: 2_500 },
      waitMs: 2_500,
    },
    refusals: [
      { status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } },
      { status: 403, body: { errcode: "M_FORBIDDEN" } },
      { status: 413, body: { errcode: "M_TOO_LARGE" } },
    ],
  },
  {
    kind: "pagerduty",
    config: (apiUrl) => ({ routingKey: "R".repeat(32), apiUrl }),
    problem: ({ path, body }) =>
      unless(path === "/v2/enqueue", "path") ??
      has(body, ["routing_key", "event_action", "payload"]),
    success: { status: 202, body: { status: "success", dedup_key: "k" } },
    tooMany: { status: 429, body: { status: "throttle exceeded" }, waitMs: null },
    refusals: [{ status: 400, body: { status: "invalid event" } }],
  },
  {
    kind: "opsgenie",
    config: (apiUrl) => ({ apiKey: "k", apiUrl }),
    problem: ({ path, headers, body }) =>
      unless(path === "/v2/alerts" && headers.authorization === "GenieKey k", "key") ??
      has(body, ["message", "alias"]),
    success: { status: 202, body: { result: "Request will be processed" } },
    tooMany: { status: 429, headers: { "X-RateLimit-State": "THROTTLED" }, waitMs: null },
    refusals: [{ status: 401 }, { status: 403 }, { status: 422, body: { message: "no message" } }],
  },
  {
    kind: "webhook",
    ...hookApi,
    problem: ({ body }) => has(body, ["event", "machine"]),
    success: { status: 204 },
    tooMany: { status: 429, headers: { "Retry-After": "7" }, waitMs: 7_000 },
    refusals: [{ status: 410 }],
  },
  {
    kind: "template",
    ...hookApi,
    problem: ({ body }) => has(body, ["text"]),
    success: { status: 200 },
    tooMany: { status: 429, headers: { "Retry-After": "7" }, waitMs: 7_000 },
    refusals: [{ status: 410 }],
  },
];

let server: Server;
let url: string;
let asked: Asked[];
let answer: Answer;

beforeEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({
        method: request.method ?? "",
        path: decodeURIComponent(request.url ?? ""),
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked["body"],
      });
      const { status, headers = {}, body } = answer;
      const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
      response.writeHead(status, headers).end(status === 204 ? undefined : text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** The alarm of one machine, sent by a channel of this kind to the imitation that answers so. */
async function send({ kind, config }: Api, answers: Answer): Promise<SendOutcome> {
  answer = answers;
  const parsed = parseConfig({ kind, config: config(url) }, { arePrivateAllowed: true });
  const [request] = await requestsFor({ kind, config: parsed }, message(), Date.now());
  if (request?.transport !== "http") throw new Error("that is no HTTP request");
  return await outboundFetch(request);
}

describe.each(apis)("the API of $kind", (api) => {
  test("takes the message", async () => {
    const { status } = api.success;
    expect(await send(api, api.success)).toMatchObject({
      kind: "delivered",
      responseStatus: status,
    });
    expect(asked.map(api.problem)).toEqual([null]);
    expect(asked[0]!.headers["content-type"]).toMatch(/^application\/json/);
  });

  test("is left alone for as long as it asks, and asked again then", async () => {
    const { waitMs: retryAfterMs } = api.tooMany;
    const expected = { kind: "failed", isRetryable: true, responseStatus: 429, retryAfterMs };
    expect(await send(api, api.tooMany)).toMatchObject(expected);
  });

  test.each(api.refusals.map((refusal) => [refusal.status, refusal] as const))(
    "is not asked again after %d",
    async (status, refusal) => {
      const outcome = await send(api, refusal);
      expect(outcome).toMatchObject({ kind: "failed", isRetryable: false, responseStatus: status });
      const said = typeof refusal.body === "string" ? refusal.body : JSON.stringify(refusal.body);
      if (said !== undefined) expect(JSON.stringify(outcome)).not.toContain(said);
    },
  );

  test.each([500, 502, 503])("is asked again after %d", async (status) => {
    const body = "<html>Bad gateway</html>";
    expect(await send(api, { status, body })).toMatchObject({ kind: "failed", isRetryable: true });
  });
});

describe("how long to wait", () => {
  const telegram = apis.find(({ kind }) => kind === "telegram")!;
  const waitOf = async (answers: Omit<Answer, "status">) => {
    const outcome = await send(telegram, { status: 429, ...answers });
    return outcome.kind === "failed" ? outcome.retryAfterMs : outcome;
  };

  test("is what the header says, where there is one", async () => {
    const body = { parameters: { retry_after: 9 } };
    expect(await waitOf({ headers: { "Retry-After": "3" }, body })).toBe(3_000);
    expect(await waitOf({ headers: { "Retry-After": "0.5" }, body })).toBe(500);
  });

  test.each([
    ["nothing", {}],
    ["a text", { parameters: { retry_after: "9" } }],
    ["less than nothing", { parameters: { retry_after: -1 } }],
    ["null", { parameters: null }],
    ["a page", "<html>"],
    ["a body that is too long", `{"parameters":{"retry_after":9},"x":"${"x".repeat(10_000)}"}`],
  ])("is not known from %s", async (_name, body) => {
    expect(await waitOf({ body })).toBeNull();
  });
});

test("every kind that speaks HTTP has an imitation here; e-mail and web push have tests of their own", async () => {
  const { notifiers } = await import("../../convex/notifiers/registry.ts");
  const here: string[] = [...apis.map(({ kind }) => kind), "email", "webpush"];
  expect(here.sort()).toEqual(Object.keys(notifiers).sort());
});
