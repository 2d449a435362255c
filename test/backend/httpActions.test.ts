import { request as httpRequest, Agent } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { ActionRunner } from "../../backend/runtime/actionRunner.ts";
import { EngineError, type HttpRequest, type HttpResponse } from "../../backend/runtime/engine.ts";
import { FakeEngine } from "./support/fakeEngine.ts";
import { ADMIN_KEY, startServers } from "./support/testServers.ts";
import { createIssuer, jwksUri } from "./support/tokens.ts";

const answer = (text: string, rest: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  headers: [["content-type", "text/plain"]],
  body: Buffer.from(text),
  ...rest,
});

function engineThat(handler: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>) {
  const engine = new FakeEngine();
  engine.httpHandler = handler;
  return engine;
}

/** A request with exactly these headers, which fetch would not let through. */
function send(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string | string[]> },
): Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(url, { ...options, agent: new Agent() }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, text }),
      );
    });
    sending.on("error", reject);
    sending.end();
  });
}

describe("HTTP actions", () => {
  test("see method, path, query, headers and body as they were sent", async () => {
    const engine = engineThat(({ body }) => answer(`got ${Buffer.from(body ?? []).toString()}`));
    const { siteUrl, sitePort } = await startServers({ engine });
    const response = await fetch(`${siteUrl}/agent/v1/heartbeat?x=%20y&z`, {
      method: "POST",
      headers: { "x-web": "1", authorization: "Bearer web-1:secret" },
      body: '{"a":"é"}',
    });
    expect(await response.text()).toBe('got {"a":"é"}');
    const [request] = engine.httpRequests;
    expect(request).toMatchObject({
      method: "POST",
      url: `http://127.0.0.1:${sitePort}/agent/v1/heartbeat?x=%20y&z`,
      identity: null,
    });
    expect(request?.headers).toContainEqual(["authorization", "Bearer web-1:secret"]);
    expect(request?.headers).toContainEqual(["x-web", "1"]);
    // Of its own size, so that it can be handed to another thread without copying its neighbours.
    expect(request?.body?.buffer.byteLength).toBe(request?.body?.byteLength);
  });

  test("are found under /http of the main port, with the path that they know", async () => {
    const engine = engineThat(({ url }) => answer(url));
    const { url, port } = await startServers({ engine });
    const body = async (path: string) => (await fetch(url + path)).text();
    expect(await body("/http/agent/v1/heartbeat?a=1")).toBe(
      `http://127.0.0.1:${port}/agent/v1/heartbeat?a=1`,
    );
    expect(await body("/http")).toBe(`http://127.0.0.1:${port}/`);
    expect(await body("/http?a=1")).toBe(`http://127.0.0.1:${port}/?a=1`);
    expect(await body("/https")).not.toContain("127.0.0.1");
  });

  test("see the scheme and host that the client used before the proxy", async () => {
    const engine = engineThat(({ url }) => answer(url));
    const { siteUrl } = await startServers({ engine });
    const from = async (headers: Record<string, string>) =>
      (await send(siteUrl, { path: "/x", headers })).text;
    expect(await from({ host: "site.example", "x-forwarded-proto": "https" })).toBe(
      "https://site.example/x",
    );
    expect(await from({ host: "site.example", "x-forwarded-proto": "https, http" })).toBe(
      "https://site.example/x",
    );
    expect(await from({ host: "site.example", forwarded: "for=1.2.3.4;proto=https" })).toBe(
      "https://site.example/x",
    );
    expect(await from({ host: "site.example" })).toBe("http://site.example/x");
  });

  test("a Host header that is no host is refused", async () => {
    const { siteUrl, engine } = await startServers({ engine: engineThat(() => answer("x")) });
    for (const host of ["a b", "evil.test/path", "user@host", "[::1", "a?b"]) {
      const { status } = await send(siteUrl, { headers: { host } });
      expect(status).toBe(400);
    }
    expect(engine.httpRequests).toEqual([]);
  });

  test("answers keep status, repeated headers and bytes, without headers of the connection", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const engine = engineThat(() => ({
      status: 418,
      headers: [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Content-Length", "7"],
        ["Transfer-Encoding", "chunked"],
        ["X-Own", "yes"],
      ],
      body: bytes,
    }));
    const { siteUrl } = await startServers({ engine });
    const response = await fetch(siteUrl);
    expect(response.status).toBe(418);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("content-length")).toBe("256");
    expect(response.headers.get("x-own")).toBe("yes");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test("HEAD and OPTIONS reach the app; no CORS headers are added", async () => {
    const engine = engineThat(({ method }) => answer(method));
    const { siteUrl } = await startServers({ engine });
    const head = await fetch(siteUrl, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe("4");
    const options = await fetch(siteUrl, {
      method: "OPTIONS",
      headers: { origin: "https://page.test" },
    });
    expect(await options.text()).toBe("OPTIONS");
    expect(options.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("an empty answer has no body", async () => {
    const engine = engineThat(() => answer("", { status: 204, headers: [] }));
    const { siteUrl } = await startServers({ engine });
    const response = await fetch(siteUrl, { method: "DELETE" });
    expect(response.status).toBe(204);
    expect(response.headers.get("content-length")).toBeNull();
  });

  test("an Authorization header that is not ours fails nothing", async () => {
    const engine = engineThat(({ identity }) => answer(JSON.stringify(identity)));
    const { siteUrl } = await startServers({ engine });
    const headers = [
      "Bearer web-1:secret",
      "Bearer eyJ.eyJ.sig",
      "Bearer",
      "Basic dXNlcjpwYXNz",
      "Convex testing|wrong",
      "§",
    ];
    for (const authorization of headers) {
      const { status, text } = await send(siteUrl, { headers: { authorization } });
      expect({ status, text }).toEqual({ status: 200, text: "null" });
    }
  });

  test("a good JWT is an identity, an admin may act as one", async () => {
    const issuer = await createIssuer({ issuer: "https://issuer.test", algorithm: "ES256" });
    const engine = engineThat(({ identity, body }) =>
      answer(`${identity?.subject} ${Buffer.from(body ?? []).toString()}`),
    );
    engine.providers = [
      {
        type: "customJwt",
        issuer: "https://issuer.test",
        jwks: jwksUri(issuer),
        algorithm: "ES256",
        applicationID: null,
      },
    ];
    const { siteUrl } = await startServers({ engine });
    const authorization = `Bearer ${await issuer.sign()}`;
    const response = await fetch(siteUrl, {
      method: "POST",
      headers: { authorization },
      body: "hello",
    });
    expect(await response.text()).toBe("alice hello");
    const acting = Buffer.from('{"subject":"bob","issuer":"x"}').toString("base64");
    const admin = await send(siteUrl, {
      headers: { authorization: `Convex ${ADMIN_KEY}:${acting}` },
    });
    expect(admin.text).toBe("bob ");
  });

  test("bodies over 20 MiB are refused", async () => {
    const { siteUrl, engine } = await startServers({ engine: engineThat(() => answer("x")) });
    const response = await fetch(siteUrl, {
      method: "POST",
      body: Buffer.alloc(20 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "RequestBodyTooLarge" });
    expect(engine.httpRequests).toEqual([]);
  });

  test("an engine that is away, or fails, answers with a code", async () => {
    const errors = [new EngineError("ExpiredInQueue", "Too busy."), new Error("inner secret")];
    const engine = engineThat(() => {
      throw errors.shift() ?? new Error("none left");
    });
    const { siteUrl, logged } = await startServers({ engine });
    const busy = await fetch(siteUrl);
    expect(busy.status).toBe(503);
    expect(await busy.json()).toEqual({ code: "ExpiredInQueue", message: "Too busy." });
    const failed = await fetch(siteUrl);
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("secret");
    expect(logged.join()).toContain("inner secret");
  });

  test("header values that cannot be sent end in a 500, not in a hanging request", async () => {
    const engine = engineThat(() => answer("x", { headers: [["x-bad", "a\nb"]] }));
    const { siteUrl } = await startServers({ engine });
    expect((await fetch(siteUrl)).status).toBe(500);
  });

  test("requests of one connection are answered one after the other", async () => {
    const engine = engineThat(({ url }) => answer(new URL(url).pathname));
    const { sitePort } = await startServers({ engine });
    const socket = connect(sitePort, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk.toString()));
    socket.write(
      "GET /one HTTP/1.1\r\nHost: x\r\n\r\nPOST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nyGET /three HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    await expect.poll(() => heard.match(/\/(one|two|three)/g)).toEqual(["/one", "/two", "/three"]);
    socket.destroy();
  });
});

test("a thread that could not load the code asks to try again, and denies nothing", async () => {
  const runner = new ActionRunner({
    role: "http",
    actionMs: 1_000,
    toExecutor: () => undefined,
    toMain: () => undefined,
  });
  const request = { method: "GET", url: "http://localhost/health", headers: [], body: null };
  const { status, body } = await runner.runHttp({ ...request, identity: null });
  expect(status).toBe(503);
  expect(Buffer.from(body).toString()).toBe("The code could not be loaded: see the log.");
});
