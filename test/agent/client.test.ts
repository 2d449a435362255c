import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../../agent/client.ts";
import { createHttpPost } from "../../agent/httpPost.ts";
import { TOKEN } from "./fakes.ts";
import { type AgentServer, happy, type Reply, type Script, startServer } from "./server.ts";

let server: AgentServer;
afterEach(() => server.close());

async function clientOf(reply?: Script, timeoutMs = 5_000) {
  server = await startServer(reply);
  const client = createClient({
    url: server.url,
    token: TOKEN,
    timeoutMs,
    version: "1.2.3",
    httpPost: createHttpPost(),
  });
  return { client, signal: new AbortController().signal };
}

describe("requests", () => {
  it("carry the token, the version and JSON", async () => {
    const { client, signal } = await clientOf();
    await client.register({ hostname: "web-1" }, signal);
    expect(server.received[0]).toMatchObject({
      path: "/agent/v1/register",
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        "user-agent": "rollcall-agent/1.2.3",
      },
      body: { hostname: "web-1" },
    });
  });

  it("send one heartbeat alone and several as a batch", async () => {
    const { client, signal } = await clientOf();
    await client.heartbeat([{ sequence: 1 }], signal);
    await client.heartbeat([{ sequence: 2 }, { sequence: 3 }], signal);
    expect(server.received.map(({ body }) => body)).toEqual([
      { sequence: 1 },
      { heartbeats: [{ sequence: 2 }, { sequence: 3 }] },
    ]);
  });
});

describe("answers", () => {
  it("are passed on when they are Rollcall's", async () => {
    const { client, signal } = await clientOf();
    expect(await client.heartbeat([{}], signal)).toEqual({
      kind: "ok",
      value: { status: "online", nextHeartbeatMs: 1_000 },
    });
  });

  it("that refuse carry status, message and Retry-After", async () => {
    const { client, signal } = await clientOf(() => ({
      status: 429,
      headers: { "retry-after": "7" },
      body: { error: { code: "rateLimited", message: "Slow down." } },
    }));
    expect(await client.heartbeat([{}], signal)).toEqual({
      kind: "refused",
      httpStatus: 429,
      message: "Slow down.",
      retryAfterMs: 7_000,
    });
  });

  it.each<[string, Reply]>([
    ["a captive portal's page", { body: "<html>Please log in</html>" }],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/login" } }],
    ["a web server without our endpoints", { status: 404, body: "Not found" }],
    ["JSON of something else", { body: { hello: "world" } }],
    ["an endless answer", { body: { status: "online", filler: "x".repeat(100_000) } }],
  ])("from %s do not count as Rollcall's", async (_, reply) => {
    const { client, signal } = await clientOf(() => reply);
    expect(await client.heartbeat([{}], signal)).toMatchObject({ kind: "unreachable" });
    expect(server.received).toHaveLength(1);
  });

  it("that a name without an address cannot give end in an unreachable server", async () => {
    server = await startServer();
    const client = createClient({
      url: "http://rollcall.invalid",
      token: TOKEN,
      timeoutMs: 5_000,
      version: "1.2.3",
      httpPost: createHttpPost(),
    });
    expect(await client.heartbeat([{}], new AbortController().signal)).toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(/cannot be reached|did not answer/) as string,
    });
  });

  it("that never come end in an unreachable server", async () => {
    const { client, signal } = await clientOf(() => null);
    expect(await client.heartbeat([{}], signal)).toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("cannot be reached") as string,
    });
  });

  it("that take too long are given up", async () => {
    server = await startServer();
    const { client, signal } = await clientOf(() => "silence", 20);
    expect(await client.heartbeat([{}], signal)).toMatchObject({
      message: expect.stringContaining("did not answer within 0.02 s") as string,
    });
  });

  it("end with the caller's patience", async () => {
    const { client } = await clientOf(() => "silence");
    const stop = new AbortController();
    const answer = client.heartbeat([{}], stop.signal);
    await server.waitFor(() => true);
    stop.abort();
    expect(await answer).toMatchObject({ kind: "unreachable" });
  });
});

describe("the connection", () => {
  it("is kept for the next heartbeat", async () => {
    const { client, signal } = await clientOf();
    await client.heartbeat([{}], signal);
    await client.heartbeat([{}], signal);
    expect(new Set(server.received.map(({ port }) => port)).size).toBe(1);
  });

  it("is replaced without a failure when the server closed it meanwhile", async () => {
    let isFirst = true;
    const { client, signal } = await clientOf((path) => {
      // Hangs up on the second request, as a server does that has just given up an idle connection.
      const { length } = server.received;
      if (length === 2 && isFirst) {
        isFirst = false;
        return null;
      }
      return happy(path);
    });
    expect(await client.heartbeat([{ sequence: 1 }], signal)).toMatchObject({ kind: "ok" });
    expect(await client.heartbeat([{ sequence: 2 }], signal)).toMatchObject({ kind: "ok" });
  });
});
