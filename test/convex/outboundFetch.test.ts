import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Address,
  outboundFetch,
  vettedAddress,
} from "../../convex/notifiers/outboundFetch.ts";
import { CLIENT_ERRORS, jsonRequest } from "../../convex/notifiers/notifier.ts";

const QUICK_MS = 300;
const servers: Server[] = [];

beforeEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const http = async (handler: RequestListener, host?: string) =>
  await listen(createHttpServer(handler), host);
const tcp = async (handler: (socket: Socket) => void) =>
  await listen(
    createTcpServer((socket) => {
      socket.on("error", () => undefined);
      handler(socket);
    }),
  );

/** A name server that answers as told, and counts how often it is asked. */
function dns(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = async (hostname: string): Promise<Address[]> => {
    asked.push(hostname);
    const addresses = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
  return { resolve, asked };
}

const toLocal = (port: number, path = "/") => jsonRequest(`http://hook.example:${port}${path}`, {});
const allowed = async (
  request: ReturnType<typeof jsonRequest>,
  resolve = dns(["127.0.0.1"]).resolve,
) => {
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  return await outboundFetch(request, { resolve, timeoutMs: QUICK_MS });
};

describe("an address that is not public", () => {
  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::ffff:127.0.0.1",
    "fe80::1",
    "fd00::1",
    "64:ff9b::7f00:1",
  ])("%s is not connected to, however it is called", async (address) => {
    let connections = 0;
    const port = await tcp(() => (connections += 1));
    const { resolve } = dns([address]);
    const outcome = await outboundFetch(toLocal(port), { resolve, timeoutMs: QUICK_MS });
    expect(outcome).toMatchObject({ kind: "failed", isRetryable: false, error: /private/ });
    expect(connections).toBe(0);
  });

  test("is not reached by a name that changes its mind: it is asked once, and the vetted address is connected to", async () => {
    const vetted: (string | undefined)[] = [];
    const port = await http((request, response) => {
      vetted.push(request.socket.localAddress);
      response.end();
    }, "127.0.0.2");
    const { resolve, asked } = dns(["127.0.0.2"], ["127.0.0.1"]);
    expect(await allowed(toLocal(port), resolve)).toMatchObject({ kind: "delivered" });
    expect(asked).toEqual(["hook.example"]);
    expect(vetted).toEqual(["127.0.0.2"]);
  });

  test("is left out where a name has public ones as well", async () => {
    const { resolve } = dns(["127.0.0.1", "93.184.215.14"]);
    expect((await vettedAddress("hook.example", resolve)).address).toBe("93.184.215.14");
  });

  test("is reached where the installation allows it, at the vetted address with the name as host", async () => {
    let host: string | undefined;
    const port = await http((request, response) => {
      host = request.headers.host;
      response.end("ok");
    });
    expect(await allowed(toLocal(port))).toMatchObject({ kind: "delivered", responseStatus: 200 });
    expect(host).toBe(`hook.example:${port}`);
  });
});

describe("a hostile server", () => {
  test("that redirects is not followed", async () => {
    const paths: (string | undefined)[] = [];
    const port = await http((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    });
    expect(await allowed(toLocal(port))).toMatchObject({
      kind: "failed",
      isRetryable: true,
      responseStatus: 307,
    });
    expect(paths).toEqual(["/"]);
  });

  test("that sends without end is cut off", async () => {
    let isOpen = true;
    const port = await tcp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
      const timer = setInterval(() => socket.write(chunk), 1);
      socket.on("close", () => {
        clearInterval(timer);
        isOpen = false;
      });
    });
    expect(await allowed(toLocal(port))).toMatchObject({ kind: "delivered" });
    await expect.poll(() => isOpen).toBe(false);
  });

  test("that says nothing is given up, and what it got counts as uncertain", async () => {
    const port = await tcp(() => undefined);
    expect(await allowed(toLocal(port))).toMatchObject({
      kind: "uncertain",
      error: expect.stringMatching(/No answer within 0.3 s. It may have arrived/) as string,
    });
  });

  test("that speaks one byte at a time is given up", async () => {
    const port = await tcp((socket) => {
      const timer = setInterval(() => socket.write("H"), 50);
      socket.on("close", () => clearInterval(timer));
    });
    expect(["uncertain", "failed"]).toContain((await allowed(toLocal(port))).kind);
  });

  test.each(["", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\u0000c\r\n\r\n"])(
    "that answers %j and closes has perhaps got it",
    async (answer) => {
      const port = await tcp((socket) => {
        socket.once("data", () => socket.end(answer));
      });
      expect((await allowed(toLocal(port))).kind).toBe("uncertain");
    },
  );

  test("that sends endless headers is cut off", async () => {
    const port = await tcp((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`A: ${"b".repeat(1_000)}\r\n`.repeat(1_000)}`);
    });
    expect((await allowed(toLocal(port))).kind).toBe("uncertain");
  });

  test("keeps nothing of its page in the outcome", async () => {
    const port = await http((_request, response) => response.writeHead(500).end("internal-secret"));
    expect(JSON.stringify(await allowed(toLocal(port)))).not.toContain("internal-secret");
  });
});

describe("an answer", () => {
  const answered = async (status: number, headers: Record<string, string> = {}) => {
    const port = await http((_request, response) => response.writeHead(status, headers).end());
    return await allowed(toLocal(port));
  };

  test.each([200, 201, 202, 204])("%i is success", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "delivered", responseStatus: status });
  });

  test.each([...CLIENT_ERRORS])("%i will be the same next time", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "failed", isRetryable: false });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])("%i may be another next time", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "failed", isRetryable: true });
  });

  test.each([
    ["120", 120_000],
    ["0", null],
    ["soon", null],
    ["-5", null],
  ])("with Retry-After %s waits %s ms", async (header, retryAfterMs) => {
    expect(await answered(429, { "Retry-After": header })).toMatchObject({ retryAfterMs });
  });

  test("with a date to retry after waits until then", async () => {
    const header = new Date(Date.now() + 60_000).toUTCString();
    const outcome = await answered(503, { "Retry-After": header });
    expect(outcome.kind === "failed" && outcome.retryAfterMs).toBeGreaterThan(50_000);
  });
});

describe("a name", () => {
  test("that does not exist is tried again later", async () => {
    const resolve = async () => {
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    expect(await outboundFetch(toLocal(1), { resolve })).toMatchObject({
      kind: "failed",
      isRetryable: true,
      error: "The host name could not be resolved.",
    });
  });

  test("whose server never answers is given up in time", async () => {
    const resolve = async () => await new Promise<Address[]>(() => undefined);
    expect(await outboundFetch(toLocal(1), { resolve, timeoutMs: 50 })).toMatchObject({
      kind: "failed",
      error: "No answer within 0.05 s.",
    });
  });
});
