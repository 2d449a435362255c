import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../backend/runtime/engine.ts";
import { encodeTs } from "../../backend/sync/timestamps.ts";
import { counterApp } from "./support/counterApp.ts";
import { FakeEngine } from "./support/fakeEngine.ts";
import { ADMIN_KEY, startServers } from "./support/testServers.ts";

type Answer = { status: string; value?: unknown; [field: string]: unknown };

const asText = (body: unknown) => (typeof body === "string" ? body : JSON.stringify(body));

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: body instanceof Uint8Array ? Buffer.from(body) : asText(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: JSON.parse(text) as Answer };
}

describe("function calls", () => {
  test("queries, mutations and actions answer with status, value and log lines", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const added = await post(`${url}/api/mutation`, { path: "counters:add", args: { by: 2 } });
    expect(added).toMatchObject({
      status: 200,
      json: { status: "success", value: 2, logLines: ["[LOG] 'adding'"] },
    });
    const got = await post(`${url}/api/query`, { path: "counters:get", args: [{}] });
    expect(got.json).toEqual({ status: "success", value: 2, logLines: [] });
    const doubled = await post(`${url}/api/action`, {
      path: "counters:double",
      args: { value: 4 },
    });
    expect(doubled.json.value).toBe(8);
  });

  test("GET asks a query", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const args = encodeURIComponent(JSON.stringify({ name: "web-2" }));
    const response = await fetch(`${url}/api/query?path=counters:get&args=${args}&format=json`);
    expect(await response.json()).toEqual({ status: "success", value: 0, logLines: [] });
  });

  test("/api/function runs whatever the path names, in a component too", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    const body = { path: "counters:add", args: {}, componentPath: "limiter" };
    const answer = await post(`${url}/api/function`, body, {
      authorization: `Convex ${ADMIN_KEY}`,
    });
    expect(answer.json.value).toBe(1);
    expect(engine.runs[0]).toMatchObject({
      type: "any",
      componentPath: "limiter",
      caller: { kind: "admin" },
    });
  });

  test("/api/run takes the function from the address", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    expect((await post(`${url}/api/run/counters/add`, { args: { by: 3 } })).json.value).toBe(3);
    await post(`${url}/api/run/folder/counters/add`, {});
    expect(engine.runs.map(({ path }) => path)).toEqual(["counters:add", "folder/counters:add"]);
    expect(await post(`${url}/api/run/counters`, {})).toMatchObject({
      status: 400,
      json: { code: "InvalidFunctionPath" },
    });
  });

  test("timestamps and batches", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    const { json } = await post(`${url}/api/query_ts`, "");
    expect(json["ts"]).toBe(encodeTs(engine.currentTs()));
    const at = await post(`${url}/api/query_at_ts`, {
      path: "counters:get",
      args: {},
      ts: json["ts"],
    });
    expect(at.json.value).toBe(0);
    const queries = [
      { path: "counters:get", args: {} },
      { path: "counters:failing", args: {} },
    ];
    const batch = await post(`${url}/api/query_batch`, { queries });
    expect(batch.json["results"]).toMatchObject([
      { status: "success", value: 0 },
      { status: "error", errorData: { kind: "notFound", size: 0 } },
    ]);
  });

  test("a function that throws is an answer of its own, not a failed request", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const refused = await post(`${url}/api/mutation`, { path: "counters:refuse", args: {} });
    expect(refused).toMatchObject({
      status: 200,
      json: { status: "error", errorData: { kind: "forbidden", message: "no" } },
    });
    const crashed = await post(`${url}/api/mutation`, { path: "counters:crash", args: {} });
    expect(crashed.json).not.toHaveProperty("errorData");
    expect(crashed.json["errorMessage"]).toMatch(/Server Error/);
    const nothing = await post(`${url}/api/action`, { path: "counters:failingAction", args: {} });
    expect(nothing.json).toHaveProperty("errorData", null);
  });

  test("an engine that cannot run it is a failed request", async () => {
    const engine = new FakeEngine().query("away", () => {
      throw new EngineError("ExpiredInQueue", "Too busy.");
    });
    const { url } = await startServers({ engine });
    expect(await post(`${url}/api/query`, { path: "away", args: {} })).toMatchObject({
      status: 503,
      json: { code: "ExpiredInQueue", message: "Too busy." },
    });
  });

  test("unexpected errors are logged and not shown", async () => {
    const engine = new FakeEngine();
    engine.run = () => Promise.reject(new Error("secret detail"));
    const { url, logged } = await startServers({ engine });
    const answer = await post(`${url}/api/query`, { path: "a:b", args: {} });
    expect(answer).toMatchObject({ status: 500, json: { code: "InternalServerError" } });
    expect(JSON.stringify(answer.json)).not.toContain("secret");
    expect(logged.join()).toContain("secret detail");
  });
});

describe("formats of values", () => {
  const value = { big: 42n, bytes: new Uint8Array([1, 2]).buffer, odd: [NaN, -Infinity] };
  const encoded = {
    big: { $integer: "KgAAAAAAAAA=" },
    bytes: { $bytes: "AQI=" },
    odd: [{ $float: "AAAAAAAA+H8=" }, { $float: "AAAAAAAA8P8=" }],
  };
  const plain = { big: "42", bytes: "AQI=", odd: ["NaN", "-Infinity"] };
  const cases: { format?: string; client?: string; expected: unknown }[] = [
    { expected: plain },
    { format: "json", expected: plain },
    { format: "convex_clean_json", expected: plain },
    { format: "convex_encoded_json", expected: encoded },
    { format: "convex_json", expected: encoded },
    { client: "npm-1.48.0", expected: plain },
    { client: "npm-1.4.2", expected: plain },
    { client: "npm-1.4.1", expected: encoded },
    { client: "npm-0.19.1", expected: encoded },
    { client: "python-0.5.0", expected: encoded },
    { client: "python-0.6.0", expected: plain },
    { client: "rust-0.1.0", expected: plain },
  ];
  for (const { format, client, expected } of cases) {
    test(`${format ?? "no format"} for ${client ?? "no client header"}`, async () => {
      const engine = new FakeEngine().query("odd", () => value);
      const { url } = await startServers({ engine });
      const answer = await post(
        `${url}/api/query`,
        { path: "odd", args: {}, ...(format ? { format } : {}) },
        client ? { "convex-client": client } : {},
      );
      expect(answer.json.value).toEqual(expected);
    });
  }

  test("an unknown format is refused before anything runs", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    const body = { path: "counters:add", args: {}, format: "xml" };
    expect(await post(`${url}/api/mutation`, body)).toMatchObject({
      status: 400,
      json: { code: "BadFormat" },
    });
    expect(engine.runs).toEqual([]);
  });
});

describe("callers", () => {
  const cases: { name: string; authorization: string; status: number; code: string }[] = [
    { name: "no scheme", authorization: "nonsense", status: 401, code: "InvalidAuthHeader" },
    { name: "a bad JWT", authorization: "Bearer x.y.z", status: 401, code: "InvalidAuthHeader" },
    { name: "a wrong key", authorization: "Convex testing|0", status: 403, code: "BadDeployKey" },
    {
      name: "a bad identity",
      authorization: `Convex ${ADMIN_KEY}:bm8=`,
      status: 401,
      code: "InvalidAuthHeader",
    },
  ];
  for (const { name, authorization, status, code } of cases) {
    test(`${name} is refused`, async () => {
      const { url, engine } = await startServers({ engine: counterApp() });
      const body = { path: "counters:add", args: {} };
      const answer = await post(`${url}/api/mutation`, body, { authorization });
      expect(answer).toMatchObject({ status, json: { code } });
      expect(engine.runs).toEqual([]);
    });
  }

  test("an admin may act as a user, whose name need not be ASCII", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    const identity = { subject: "zoë", issuer: "https://issuer.test", name: "Zoë 😀" };
    const encoded = Buffer.from(JSON.stringify(identity)).toString("base64");
    const authorization = `Convex dev:${ADMIN_KEY}:${encoded}`;
    const body = { path: "counters:whoAmI", args: {} };
    expect((await post(`${url}/api/query`, body, { authorization })).json.value).toBe("zoë");
    expect(engine.runs[0]?.caller).toEqual({
      kind: "admin",
      identity: { ...identity, tokenIdentifier: "https://issuer.test|zoë" },
    });
  });
});

describe("bad requests", () => {
  const cases: { name: string; body: string | Uint8Array; code: string; status?: number }[] = [
    { name: "no JSON", body: "{", code: "BadJsonBody" },
    { name: "no object", body: "[]", code: "BadRequestBody" },
    { name: "nothing", body: "", code: "BadRequestBody" },
    { name: "no path", body: '{"args":{}}', code: "BadRequestBody" },
    { name: "arguments that are text", body: '{"path":"a:b","args":"x"}', code: "BadRequestBody" },
    { name: "two arguments", body: '{"path":"a:b","args":[{},{}]}', code: "BadRequestBody" },
  ];
  for (const { name, body, code, status = 400 } of cases) {
    test(`${name} is refused by name`, async () => {
      const { url, engine } = await startServers({ engine: counterApp() });
      expect(await post(`${url}/api/mutation`, body)).toMatchObject({ status, json: { code } });
      expect(engine.runs).toEqual([]);
    });
  }

  test("a body over the limit is refused, announced or not", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const tooLarge = "x".repeat(17 * 1024 * 1024);
    const announced = await post(`${url}/api/query`, tooLarge);
    expect(announced).toMatchObject({ status: 413, json: { code: "RequestBodyTooLarge" } });
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest(`${url}/api/query`, { method: "POST" }, (response) =>
        resolve(response.statusCode),
      );
      sending.on("error", reject);
      sending.write(tooLarge);
      sending.end();
    });
    expect(status).toBe(413);
  });

  test("a small body that unpacks to a large one is refused", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const bomb = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024, " "));
    expect(bomb.length).toBeLessThan(10_000);
    expect(await post(`${url}/api/query`, bomb, { "content-encoding": "br" })).toMatchObject({
      status: 413,
    });
  });

  test("packed bodies are unpacked, unknown packing is refused", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const body = JSON.stringify({ path: "counters:add", args: {} });
    const packed = [
      ["br", brotliCompressSync(body)],
      ["gzip", gzipSync(body)],
    ] as const;
    for (const [encoding, bytes] of packed) {
      const answer = await post(`${url}/api/mutation`, bytes, { "content-encoding": encoding });
      expect(answer.json.status).toBe("success");
    }
    expect(await post(`${url}/api/mutation`, body, { "content-encoding": "zstd" })).toMatchObject({
      status: 415,
      json: { code: "UnsupportedEncoding" },
    });
    expect(await post(`${url}/api/mutation`, body, { "content-encoding": "br" })).toMatchObject({
      status: 400,
      json: { code: "BadEncoding" },
    });
  });

  test("unknown endpoints and wrong methods say so", async () => {
    const { url } = await startServers();
    expect(await post(`${url}/api/storage/upload`, {})).toMatchObject({
      status: 404,
      json: { code: "NotFound", message: expect.stringContaining("/api/storage/upload") as string },
    });
    const response = await fetch(`${url}/api/mutation`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test("a client that sends half a body and leaves harms nobody", async () => {
    const { url, port, logged } = await startServers({ engine: counterApp() });
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /api/mutation HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    const answer = await post(`${url}/api/mutation`, { path: "counters:add", args: {} });
    expect(answer.json.value).toBe(1);
    expect(logged).toEqual([]);
  });
});

describe("CORS and identity of the server", () => {
  test("the API is open to pages of any origin", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const preflight = await fetch(`${url}/api/query`, {
      method: "OPTIONS",
      headers: {
        origin: "https://page.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,convex-client",
      },
    });
    expect(preflight.status).toBe(200);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": "https://page.test",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type,convex-client",
      "access-control-allow-methods": expect.stringContaining("POST") as string,
      "access-control-max-age": "86400",
      vary: "Origin",
    });
    const body = { path: "counters:get", args: {} };
    const answer = await post(`${url}/api/query`, body, { origin: "https://page.test" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://page.test");
    const failed = await post(`${url}/api/query`, "{", { origin: "https://page.test" });
    expect(failed.headers.get("access-control-allow-origin")).toBe("https://page.test");
  });

  test("it tells its name and version", async () => {
    const { url } = await startServers({ version: "9.9" });
    const text = async (path: string) => (await fetch(url + path)).text();
    expect(await text("/version")).toBe("9.9");
    expect(await text("/instance_version")).toBe("9.9");
    expect(await text("/instance_name")).toBe("testing");
    expect(await text("/")).toContain("running");
  });

  test("it echoes for network tests and takes debug events", async () => {
    const { url } = await startServers();
    const echo = await fetch(`${url}/echo`, { method: "POST", body: "ping" });
    expect(await echo.text()).toBe("ping");
    const event = await fetch(`${url}/api/debug_event`, { method: "POST", body: "{}" });
    expect(event.status).toBe(200);
  });
});

describe("ports", () => {
  test("a port in use is refused in one line, and the other is not left open", async () => {
    const first = await startServers();
    const main = startServers({ port: first.port });
    await expect(main).rejects.toThrow(
      `Port ${first.port} of 127.0.0.1 is already in use. Stop the program that uses it, or choose another port.`,
    );
    const { port } = await startServers().then(async ({ port, servers }) => {
      await servers.close();
      return { port };
    });
    const half = startServers({ port, sitePort: first.sitePort });
    await expect(half).rejects.toThrow(/already in use/);
    expect((await startServers({ port })).port).toBe(port);
  });
});
