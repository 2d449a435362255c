/**
 * Strangers at the doors of a real backend: privileged endpoints, malformed input, slow and foreign clients.
 * `HOSTILE_RUNS` is how many requests and sync sockets are tried (100,000 for a long night), `HOSTILE_SEED` repeats a run.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { AdminWork } from "../../backend/deploy/adminWork.ts";
import { deployRoutes } from "../../backend/deploy/routes.ts";
import { createHttpServer } from "../../backend/http/listening.ts";
import { Meters } from "../../backend/runtime/meters.ts";
import { Supervisor } from "../../backend/runtime/supervisor.ts";
import { THREAD_LIMITS } from "../../backend/runtime/threadLimits.ts";
import { BackendProcess } from "../contract/support/backendProcess.ts";
import { hostileRequest, hostileTalk, type HostileRequest } from "./support/hostile.ts";

const RUNS = Number(process.env["HOSTILE_RUNS"] ?? 2_000);
const seed = process.env["HOSTILE_SEED"];
const options = { numRuns: 1, ...(seed === undefined ? {} : { seed: Number(seed) }) };
const BATCH = 20;
/** Not a leak but a heap that has not been collected yet. */
const MAX_GROWTH_BYTES = 400 * 2 ** 20;

const OPEN_PATHS = [
  ..."/api/query /api/mutation /api/action /api/function /api/run/* /api/query_batch".split(" "),
  ..."/api/query_ts /api/query_at_ts /api/storage/upload /api/storage/*".split(" "),
  ..."/version /instance_name /instance_version /echo /api/debug_event".split(" "),
];

/** Every endpoint that only administrators may use. A new one is to be added here, and to be refused below. */
const PRIVILEGED = [
  "GET /api/export/zip/*",
  "GET /api/stream_function_logs",
  "GET /api/v1/get_canonical_urls",
  "POST /api/deploy2/evaluate_push",
  "POST /api/deploy2/finish_push",
  "POST /api/deploy2/report_push_completed",
  "POST /api/deploy2/start_push",
  "POST /api/deploy2/wait_for_schema",
  "POST /api/embedded/backup",
  "POST /api/export/request/zip",
  "POST /api/get_config_hashes",
  "POST /api/import/finish_upload",
  "POST /api/import/start_upload",
  "POST /api/import/upload_part",
  "POST /api/perform_import",
  "POST /api/update_environment_variables",
];

let backend: BackendProcess;
beforeAll(async () => {
  backend = await BackendProcess.start();
});
afterAll(() => backend.dispose());

const listedRoutes = () => {
  const dataDir = mkdtempSync(join(tmpdir(), "hostile-"));
  const supervisor = new Supervisor({
    dataDir,
    deploymentName: "x",
    systemEnvironment: {},
    limits: THREAD_LIMITS,
    meters: new Meters(),
    log: () => undefined,
  });
  const adminWork = new AdminWork(supervisor, dataDir, () => undefined);
  const origins = { cloudOrigin: "http://x", siteOrigin: "http://x" };
  const routes = deployRoutes({ supervisor, adminWork, dataDir, ...origins });
  rmSync(dataDir, { recursive: true, force: true });
  return routes;
};

describe("privileged endpoints", () => {
  it("are known one by one, and none is open", () => {
    const routes = listedRoutes();
    expect(routes.filter((route) => route.access === "anyone")).toEqual([]);
    const names = routes.map(({ method, path }) => `${method} ${path}`).toSorted();
    expect(names).toEqual(PRIVILEGED);
  });

  it("are closed to everybody without the admin key, whatever they send", async () => {
    const strangers = [
      "",
      "Bearer a.b.c",
      "Convex wrong",
      `Bearer ${backend.adminKey}`,
      "Basic eDp5",
    ];
    for (const { method, path } of listedRoutes()) {
      for (const authorization of strangers) {
        const response = await fetch(`${backend.url}${path.replace("*", "x")}`, {
          method,
          ...(authorization === "" ? {} : { headers: { authorization } }),
          ...(method === "GET" ? {} : { body: "{}" }),
        });
        expect([path, authorization, [401, 403].includes(response.status)]).toEqual([
          path,
          authorization,
          true,
        ]);
        await response.text();
      }
    }
  });

  it("of functions: system queries, internals and components are for administrators", async () => {
    const calls = [
      { path: "_system/cli/tables", args: {} },
      { path: "_system/cli/queryEnvironmentVariables", args: {} },
      { path: "_builtin/storage:delete", args: { storageId: "x" } },
      { path: "a:b", args: {}, componentPath: "child" },
    ];
    for (const call of calls) {
      for (const endpoint of ["query", "mutation", "action", "function"]) {
        const response = await fetch(`${backend.url}/api/${endpoint}`, {
          method: "POST",
          body: JSON.stringify(call),
        });
        expect(await response.text()).not.toContain('"status":"success"');
      }
    }
  });
});

const send = async ({ method, path, headers, body }: HostileRequest): Promise<Response> => {
  const hasBody = method !== "GET" && method !== "HEAD" && body !== undefined;
  return fetch(`${backend.url}${path}`, {
    method,
    headers,
    ...(hasBody ? { body } : {}),
    // A long poll of the log waits for ever.
    signal: AbortSignal.timeout(path.startsWith("/api/stream_function_logs") ? 20 : 20_000),
  });
};

const residentBytes = () => {
  const status = readFileSync(`/proc/${backend.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
};

/** Whatever was sent: the same process answers, has lost no thread and has not grown. */
const expectUnharmed = async (before: { pid: number; bytes: number }) => {
  expect((await fetch(`${backend.url}/version`)).status).toBe(200);
  expect(backend.pid).toBe(before.pid);
  expect(backend.output).not.toMatch(/was lost|Unhandled|Uncaught/);
  expect(residentBytes() - before.bytes).toBeLessThan(MAX_GROWTH_BYTES);
};

describe("malformed input", () => {
  it(`over HTTP (${RUNS} requests) is refused and harms nobody`, async () => {
    const before = { pid: backend.pid, bytes: residentBytes() };
    const paths = [...OPEN_PATHS, ...listedRoutes().map((route) => route.path)];
    const batch = fc.array(hostileRequest(paths, backend.adminKey), {
      minLength: BATCH,
      maxLength: BATCH,
    });
    await fc.assert(
      fc.asyncProperty(batch, async (requests) => {
        await Promise.all(
          requests.map(async (request) => {
            const response = await send(request).catch((error: Error) => {
              if (error.name === "TimeoutError" && request.path.includes("stream_function_logs"))
                return null;
              throw new Error(`${request.method} ${request.path}: ${error.message}`, {
                cause: error,
              });
            });
            const text = (await response?.text().catch(() => "")) ?? "";
            const told = `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${String(request.body).slice(0, 200)}`;
            if ((response?.status ?? 0) >= 500)
              throw new Error(`${response?.status} ${text}: ${told}`);
          }),
        );
      }),
      { ...options, numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
    );
    await expectUnharmed(before);
  });

  it(`over sync sockets (${Math.ceil(RUNS / 4)} sockets) ends them at most`, async () => {
    const before = { pid: backend.pid, bytes: residentBytes() };
    const batch = fc.array(hostileTalk, { minLength: BATCH, maxLength: BATCH });
    await fc.assert(
      fc.asyncProperty(batch, async (talks) => {
        await Promise.all(talks.map((talk) => say(talk)));
      }),
      { ...options, numRuns: Math.ceil(RUNS / 4 / BATCH), endOnFailure: true },
    );
    await expectUnharmed(before);
  });
});

/** Says it all, then hears what comes until the server has answered a ping or closed. */
const say = (talk: (string | Uint8Array)[]) =>
  new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(`${backend.url.replace("http", "ws")}/api/1.48.0/sync`);
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => void JSON.parse(data.toString("utf8")));
    socket.on("pong", () => socket.terminate());
    socket.on("close", () => resolve());
    socket.on("open", () => {
      for (const one of talk) socket.send(one);
      socket.ping();
    });
  });

describe("pages of other origins", () => {
  const upgrade = (origin: string | undefined) =>
    new Promise<string>((resolve) => {
      const url = `${backend.url.replace("http", "ws")}/api/1.48.0/sync`;
      const socket = new WebSocket(url, origin === undefined ? {} : { origin });
      socket.on("open", () => (socket.terminate(), resolve("open")));
      socket.on("error", (error) => resolve(error.message));
    });

  it("cannot open a sync socket; our own, those of this machine and programs can", async () => {
    for (const origin of [undefined, backend.url, "http://localhost:5173", "http://127.0.0.1:1"])
      expect([origin, await upgrade(origin)]).toEqual([origin, "open"]);
    for (const origin of ["https://elsewhere.example", "http://localhost.example", "null", "x"])
      expect([origin, await upgrade(origin)]).toEqual([origin, expect.stringContaining("403")]);
  });

  it("can where they were named", async () => {
    const named = await BackendProcess.start(undefined, [
      ...["--allow-origin", "https://app.example"],
      ...["--cloud-origin", "https://cloud.example"],
    ]);
    try {
      for (const origin of ["https://app.example", "https://cloud.example"]) {
        const socket = new WebSocket(`ws://127.0.0.1:${named.port}/api/sync`, { origin });
        await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
        socket.terminate();
      }
    } finally {
      await named.dispose();
    }
  });
});

describe("connections that waste our time", () => {
  const PATIENCE = { headersMs: 200, requestMs: 400, checkEveryMs: 50, silenceMs: 300 };

  /** Opens a connection to a server of little patience, says `text`, and resolves with what came when it is closed. */
  const untilClosed = async (text: string, then?: (socket: Socket) => void): Promise<string> => {
    const server = createHttpServer(
      (request, response) => void request.resume().on("end", () => response.flushHeaders()),
      PATIENCE,
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.on("data", (data) => (heard += data.toString()));
    socket.on("error", () => undefined);
    socket.write(text);
    then?.(socket);
    await new Promise((resolve) => socket.on("close", resolve));
    server.close();
    return heard;
  };

  it("one that sends its headers drop by drop is closed", async () => {
    const drip = (socket: Socket) => {
      const timer = setInterval(() => socket.write("x: y\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    };
    expect(await untilClosed("GET / HTTP/1.1\r\nHost: x\r\n", drip)).toMatch(/^HTTP\/1\.1 408/);
  });

  it("one that sends its body drop by drop is closed", async () => {
    const drip = (socket: Socket) => {
      const timer = setInterval(() => socket.write("1\r\nx\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    };
    const head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    await untilClosed(head, drip);
  });

  it("one that goes silent is closed", async () => {
    await untilClosed("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  });
});

describe("thousands of sockets", () => {
  const COUNT = 2_000;
  it(`${COUNT} at once are all served, and gone when they leave`, async () => {
    const sockets = await Promise.all(
      Array.from({ length: COUNT }, () => {
        const socket = new WebSocket(`${backend.url.replace("http", "ws")}/api/1.48.0/sync`);
        return new Promise<WebSocket>((resolve, reject) => {
          socket.on("error", reject);
          socket.on("message", () => resolve(socket));
          socket.on("open", () => {
            const sessionId = "6f1f4fd5-3b0a-4e39-9a4b-1a8b6b1f0c11";
            socket.send(JSON.stringify({ type: "Connect", sessionId, connectionCount: 0 }));
            const modifications: unknown[] = [];
            const version = { baseVersion: 0, newVersion: 1 };
            socket.send(JSON.stringify({ type: "ModifyQuerySet", ...version, modifications }));
          });
        });
      }),
    );
    expect(sockets).toHaveLength(COUNT);
    for (const socket of sockets) socket.terminate();
    expect((await fetch(`${backend.url}/version`)).status).toBe(200);
  });
});
