import { brotliCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type DeployRequest, type DeployRoute } from "../../backend/deploy/route.ts";
import { EngineError } from "../../backend/runtime/engine.ts";
import { ADMIN_KEY, startServers } from "./support/testServers.ts";

const ADMIN = { authorization: `Convex ${ADMIN_KEY}` };

function recording(route: Partial<DeployRoute> = {}) {
  const seen: DeployRequest[] = [];
  const deployRoutes: DeployRoute[] = [
    {
      method: "POST",
      path: "/api/deploy2/start_push",
      handler: async (request) => {
        seen.push(request);
        return { json: { body: request.body ?? null, rest: request.rest } };
      },
      ...route,
    },
  ];
  return { seen, deployRoutes };
}

describe("CLI endpoints", () => {
  test("get the parsed body, packed or not", async () => {
    const { deployRoutes, seen } = recording();
    const { url } = await startServers({ deployRoutes });
    const push = { appDefinition: { changedModules: [] } };
    for (const packed of [false, true]) {
      const text = JSON.stringify(push);
      const response = await fetch(`${url}/api/deploy2/start_push?dry=true`, {
        method: "POST",
        headers: { ...ADMIN, ...(packed ? { "content-encoding": "br" } : {}) },
        body: packed ? brotliCompressSync(text) : text,
      });
      expect(await response.json()).toEqual({ body: push, rest: "" });
    }
    expect(seen[1]?.query.get("dry")).toBe("true");
  });

  test("are closed to everybody without the admin key, before anything is read", async () => {
    const { deployRoutes, seen } = recording();
    const { url } = await startServers({ deployRoutes });
    const cases: [Record<string, string>, number, string][] = [
      [{}, 401, "AuthorizationMissing"],
      [{ authorization: "Convex testing|wrong" }, 403, "BadDeployKey"],
      [{ authorization: "Convex " }, 403, "BadDeployKey"],
      [{ authorization: "Bearer x.y.z" }, 401, "InvalidAuthHeader"],
    ];
    for (const [headers, status, code] of cases) {
      const response = await fetch(`${url}/api/deploy2/start_push`, {
        method: "POST",
        headers,
        body: "not even JSON",
      });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ code });
    }
    expect(seen).toEqual([]);
  });

  test("may be open, end in anything, and answer with bytes", async () => {
    const { deployRoutes } = recording({
      method: "GET",
      path: "/api/export/zip/*",
      access: "anyone",
      handler: async ({ rest }) => ({
        status: 201,
        headers: { "content-type": "application/zip" },
        bytes: Buffer.from(`zip of ${rest}`),
      }),
    });
    const { url } = await startServers({ deployRoutes });
    const response = await fetch(`${url}/api/export/zip/17/part`);
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(await response.text()).toBe("zip of 17/part");
  });

  test("may take bytes", async () => {
    const { deployRoutes, seen } = recording({ takes: "bytes" });
    const { url } = await startServers({ deployRoutes });
    await fetch(`${url}/api/deploy2/start_push`, {
      method: "POST",
      headers: ADMIN,
      body: new Uint8Array([0, 255]),
    });
    expect(seen[0]?.bytes).toEqual(new Uint8Array([0, 255]));
    expect(seen[0]?.body).toBeUndefined();
  });

  test("fail with the code that they throw", async () => {
    const { deployRoutes } = recording({
      handler: async () => {
        throw new EngineError("SchemaMismatch", "Document does not match.", 400);
      },
    });
    const { url } = await startServers({ deployRoutes });
    const response = await fetch(`${url}/api/deploy2/start_push`, {
      method: "POST",
      headers: ADMIN,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: "SchemaMismatch",
      message: "Document does not match.",
    });
  });

  test("learn that a long poll has been given up", async () => {
    let aborted = false;
    const reached = Promise.withResolvers<void>();
    const { deployRoutes } = recording({
      method: "GET",
      path: "/api/stream_function_logs",
      handler: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve({ json: {} });
          });
          reached.resolve();
        }),
    });
    const { url } = await startServers({ deployRoutes });
    const polling = new AbortController();
    const answer = fetch(`${url}/api/stream_function_logs`, {
      headers: ADMIN,
      signal: polling.signal,
    }).catch(() => "given up");
    await reached.promise;
    polling.abort();
    expect(await answer).toBe("given up");
    await expect.poll(() => aborted).toBe(true);
  });
});
