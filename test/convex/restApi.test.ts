import { beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { api, internal } from "../../convex/_generated/api.js";
import { collect } from "../../convex/restApi/collect.ts";
import { operations, type OperationId } from "../../core/restApi/operations.ts";
import {
  addMachine,
  aliceWithMachine,
  beat,
  listed,
  MACHINE_ID,
  pass,
  post,
  SECRET,
  signIn,
  SITE_URL,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const READ_KEY = `rck_${"r".repeat(32)}`;
const WRITE_KEY = `rck_${"w".repeat(32)}`;
const idOf = (index: number) => `m${String(index).padStart(3, "0")}`.padEnd(21, "x");

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await addKey(alice, READ_KEY, "read");
  await addKey(alice, WRITE_KEY, "write");
});

async function addKey(person: Person, key: string, access: "read" | "write", expiresAt?: number) {
  const me = await person.query(api.users.me, {});
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  const keyHash = Array.from(new Uint8Array(digest), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  await t.run(async (ctx) => {
    const users = await ctx.db.query("users").take(10);
    await ctx.db.insert("apiKeys", {
      workspaceId: me!.workspace.workspaceId,
      name: access,
      keyHash,
      hint: key.slice(-4),
      access,
      createdBy: users.find(({ email }) => email === me!.email)!._id,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  });
}

interface Ask {
  method?: string;
  key?: string | null;
  body?: unknown;
}

async function ask(path: string, { method = "GET", key = READ_KEY, body }: Ask = {}) {
  return await t.fetch(path, {
    method,
    headers: key === null ? {} : { Authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

async function json(path: string, options?: Ask): Promise<Record<string, unknown>> {
  const response = await ask(path, options);
  const answer = (await response.json()) as Record<string, unknown>;
  expect(response.status, JSON.stringify(answer)).toBeLessThan(300);
  return answer;
}

async function refusal(path: string, options?: Ask) {
  const response = await ask(path, options);
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, code: error.code, message: error.message, response };
}

async function machinesOf(path: string, options?: Ask) {
  const answer = await json(path, options);
  return answer as { machines: { machineId: string }[]; nextCursor: string | null };
}

const namesOf = async (path: string) =>
  (await machinesOf(path)).machines.map((machine) => (machine as unknown as { name: string }).name);

async function addFleet(size: number): Promise<void> {
  for (let index = 0; index < size; index++) {
    await addMachine(alice, { machineId: idOf(index), name: `m${index}` });
  }
}

describe("keys", () => {
  test("S4.4 what is missing, wrong, expired or of another kind is 401, with one text for all", async () => {
    await addKey(alice, `rck_${"e".repeat(32)}`, "read", START);
    vi.setSystemTime(START + 1);
    const keys = [
      null,
      `rck_${"x".repeat(32)}`,
      `rck_${"e".repeat(32)}`,
      `${MACHINE_ID}:${SECRET}`,
    ];
    for (const key of keys) {
      const { status, code, response } = await refusal("/api/v1/machines", { key });
      expect([status, code]).toEqual([401, "unauthorized"]);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  const guarded = Object.values(operations).filter(({ access }) => /read|write/.test(access));

  test.each([...guarded, { method: "GET", path: "/api/v1/nothing" }])(
    "$method $path tells a stranger nothing",
    async ({ method, path }) => {
      const address = path.replace("{machineId}", MACHINE_ID);
      expect(await refusal(address, { method, key: null })).toMatchObject({ status: 401 });
    },
  );

  test("a key that may read cannot write", async () => {
    const body = { name: "web-2" };
    expect(await refusal("/api/v1/machines", { method: "POST", body })).toMatchObject({
      status: 403,
      code: "forbidden",
    });
    const path = `/api/v1/machines/${MACHINE_ID}`;
    expect(await refusal(path, { method: "DELETE" })).toMatchObject({ status: 403 });
    expect((await listed(alice)).name).toBe("web-1");
  });

  test("S4.1 a key opens its own workspace only", async () => {
    const bob = await signIn(t, "bob");
    const key = `rck_${"b".repeat(32)}`;
    await addKey(bob, key, "write");
    expect(await json("/api/v1/machines", { key })).toEqual({ machines: [], nextCursor: null });
    expect(await json("/api/v1/machines/counts", { key })).toEqual({ active: 0, total: 0 });
    for (const path of ["", "/metrics"]) {
      const machine = `/api/v1/machines/${MACHINE_ID}${path}`;
      expect(await refusal(machine, { key })).toMatchObject({ status: 404 });
    }
    const path = `/api/v1/machines/${MACHINE_ID}`;
    expect(await refusal(path, { key, method: "DELETE" })).toMatchObject({ status: 404 });
    expect(await (await ask("/metrics", { key })).text()).not.toContain("web-1");
    expect((await json("/health", { key }))["instances"]).toEqual([]);
  });

  test("a loop without a pause gets 429 and is told how long to wait; others do not notice", async () => {
    let status = 200;
    let response = new Response();
    for (let count = 0; count < 400 && status === 200; count++) {
      response = await ask("/api/v1/machines/counts");
      status = response.status;
    }
    expect(status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask("/api/v1/machines/counts", { key: WRITE_KEY })).status).toBe(200);
  });

  test("when a key was used is known to a few minutes, without a write for each request", async () => {
    const usedAt = async () =>
      await t.run(async (ctx) => (await ctx.db.query("apiKeys").first())!.lastUsedAt);
    await ask("/api/v1/machines");
    expect(await usedAt()).toBe(START);
    vi.setSystemTime(START + MINUTE);
    await ask("/api/v1/machines");
    expect(await usedAt()).toBe(START);
    vi.setSystemTime(START + 5 * MINUTE);
    await ask("/api/v1/machines");
    expect(await usedAt()).toBe(START + 5 * MINUTE);
  });
});

describe("machines", () => {
  test("S0.5 are listed with their status", async () => {
    await beat(t, { version: "1.2" });
    expect(await json("/api/v1/machines")).toEqual({
      machines: [
        {
          machineId: MACHINE_ID,
          name: "web-1",
          description: "",
          tags: [],
          hostname: null,
          version: "1.2",
          status: "online",
          reason: "heartbeat",
          since: START,
          lastSeen: START,
        },
      ],
      nextCursor: null,
    });
  });

  test("come in pages, each machine once, also through filters that leave little", async () => {
    await addFleet(450);
    await alice.mutation(api.machines.update, { machineId: idOf(3), tags: ["prod"] });
    await alice.mutation(api.machines.update, { machineId: idOf(440), tags: ["prod"] });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await machinesOf(`/api/v1/machines?limit=130&cursor=${cursor}`);
      seen.push(...page.machines.map(({ machineId }) => machineId));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(451);
    expect(new Set(seen).size).toBe(451);
    expect(await namesOf("/api/v1/machines?tag=prod")).toEqual(["m3", "m440"]);
    const { nextCursor } = await machinesOf("/api/v1/machines?tag=prod&limit=1");
    expect(await namesOf(`/api/v1/machines?tag=prod&cursor=${nextCursor}`)).toEqual(["m440"]);
  });

  test("S0.5 are filtered by status and by activity", async () => {
    await addMachine(alice, { machineId: idOf(1), name: "web-2" });
    await beat(t, {}, `${idOf(1)}:${SECRET}`);
    await pass(t, 10 * MINUTE, 10_000);
    await beat(t);
    expect(await namesOf("/api/v1/machines?activeWithinMinutes=5")).toEqual(["web-1"]);
    expect(await namesOf("/api/v1/machines?status=online")).toEqual(["web-1"]);
    expect(await namesOf("/api/v1/machines?status=offline")).toEqual(["web-2"]);
    expect(await json("/api/v1/machines/counts")).toEqual({ active: 1, total: 2 });
  });

  test("S0.7 at shows the fleet as it was", async () => {
    vi.setSystemTime(START + HOUR);
    await beat(t);
    const at = async (moment: string) =>
      (await machinesOf(`/api/v1/machines?at=${moment}`)).machines;
    expect(await at(String(START + MINUTE))).toMatchObject([{ reason: "waiting", lastSeen: null }]);
    expect(await at(new Date(START + HOUR).toISOString())).toMatchObject([{ status: "online" }]);
    expect(await at(String(START - MINUTE))).toEqual([]);
    expect(await refusal(`/api/v1/machines?at=${"9".repeat(30)}`)).toMatchObject({ status: 400 });
  });

  test("one comes with all that is known of it", async () => {
    const metadata = { rack: 7, "$odd key": ["<b>"] };
    await post(t, "register", { body: { hostname: "web-1.local", os: "linux", metadata } });
    const disks = [{ mount: "/data", usage: 71 }];
    const gauges = { players: 17 };
    await beat(t, { assistantCount: 3, gauges, metrics: { cpuUsage: 12.5, disks } });
    const machine = await json(`/api/v1/machines/${MACHINE_ID}`);
    expect(machine).toMatchObject({
      hostname: "web-1.local",
      os: "linux",
      metadata,
      assistantCount: 3,
      metrics: { cpuUsage: 12.5 },
      disks,
      gauges,
      heartbeatIntervalMs: 30_000,
    });
    expect(JSON.stringify(machine)).not.toMatch(/secret/i);
  });

  test("one that is added gets a token that works", async () => {
    const body = { name: "web-2", tags: ["prod"] };
    const response = await ask("/api/v1/machines", { method: "POST", key: WRITE_KEY, body });
    expect(response.status).toBe(201);
    const { machineId, token } = (await response.json()) as { machineId: string; token: string };
    expect((await beat(t, {}, token)).status).toBe(200);
    expect(await listed(alice, machineId)).toMatchObject({ name: "web-2", tags: ["prod"] });
  });

  test("one that is deleted is gone, and its agent hears 410", async () => {
    const path = `/api/v1/machines/${MACHINE_ID}`;
    const response = await ask(path, { method: "DELETE", key: WRITE_KEY });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect((await beat(t)).status).toBe(410);
    expect((await machinesOf("/api/v1/machines")).machines).toEqual([]);
    const again = { method: "DELETE", key: WRITE_KEY };
    expect(await refusal(path, again)).toMatchObject({ status: 404 });
  });
});

test("S4.8 what keys change is in the audit log, with the key's name and without secrets", async () => {
  const body = { name: "web-2", machineId: idOf(1), secret: SECRET };
  await ask("/api/v1/machines", { method: "POST", key: WRITE_KEY, body });
  await ask(`/api/v1/machines/${idOf(1)}`, { method: "DELETE", key: WRITE_KEY });
  const rows = await t.run(async (ctx) => await ctx.db.query("auditEvents").order("desc").take(2));
  const actor = { actorKind: "apiKey", actorName: "write" };
  expect(rows).toMatchObject([
    { ...actor, action: "DELETE /api/v1/machines/{machineId}", subjectId: idOf(1) },
    { ...actor, action: "POST /api/v1/machines", subjectId: idOf(1), subjectName: "web-2" },
  ]);
  expect(JSON.stringify(rows)).not.toContain(SECRET);
});

test("S4.3 metrics are points with least, average and greatest; a gap is no point", async () => {
  await beat(t, { metrics: { cpuUsage: 10 } });
  vi.setSystemTime(START + 10 * MINUTE);
  await beat(t, { metrics: { cpuUsage: 30 } });
  vi.setSystemTime(START + 11 * MINUTE);
  const stats = (value: number) => ({ min: value, avg: value, max: value });
  expect(await json(`/api/v1/machines/${MACHINE_ID}/metrics`)).toEqual({
    machineId: MACHINE_ID,
    resolution: "raw",
    stepMs: 30_000,
    points: [
      { at: START, beats: 1, cpuUsage: stats(10) },
      { at: START + 10 * MINUTE, beats: 1, cpuUsage: stats(30) },
    ],
  });
});

test("incidents come latest first, by state and by machine", async () => {
  await beat(t);
  await pass(t, 5 * MINUTE);
  await beat(t);
  await pass(t, 5 * MINUTE);
  const { incidents } = (await json("/api/v1/incidents")) as {
    incidents: { openedAt: number; closedAt: number | null }[];
  };
  expect(incidents).toHaveLength(2);
  expect(incidents[0]!.openedAt).toBeGreaterThan(incidents[1]!.openedAt);
  const of = async (query: string) =>
    ((await json(`/api/v1/incidents?${query}`)) as { incidents: object[] }).incidents;
  expect(await of("state=open")).toEqual([incidents[0]]);
  expect(await of("state=closed")).toEqual([incidents[1]]);
  expect(await of(`machineId=${MACHINE_ID}`)).toHaveLength(2);
  expect(await of(`machineId=${idOf(9)}`)).toEqual([]);
  const first = (await json("/api/v1/incidents?limit=1")) as { nextCursor: string };
  expect(await of(`cursor=${first.nextCursor}`)).toEqual([incidents[1]]);
});

test("open incidents are found without reading those that are over", async () => {
  for (const index of [1, 2, 3]) await addMachine(alice, { machineId: idOf(index) });
  const beatOf = async (index: number) => await beat(t, {}, `${idOf(index)}:${SECRET}`);
  await Promise.all([beatOf(1), beatOf(2)]);
  await pass(t, 30_000, 10_000);
  await beatOf(3);
  await pass(t, 3 * MINUTE, 10_000);
  const workspaceId = await t.run(async (ctx) => {
    const [first] = await ctx.db.query("incidents").take(1);
    const { _id, _creationTime, ...incident } = first!;
    const over = { ...incident, closedAt: Date.now() };
    for (let index = 0; index < 250; index++) await ctx.db.insert("incidents", over);
    return incident.workspaceId;
  });
  const page = { workspaceId, state: "open" as const, limit: 10, cursor: null };
  const found = await t.query(internal.restApi.incidents.page, page);
  expect(found).toMatchObject({
    rows: [3, 2, 1].map((index) => ({ machineId: idOf(index), closedAt: null })),
    next: null,
  });
  const list = async (query: string) =>
    (await json(`/api/v1/incidents?state=open&${query}`)) as {
      incidents: object[];
      nextCursor: string | null;
    };
  const seen: object[] = [];
  for (let next: string | null = ""; next !== null;) {
    const { incidents, nextCursor } = await list(
      next === "" ? "limit=2" : `limit=1&cursor=${next}`,
    );
    seen.push(...incidents);
    next = nextCursor;
  }
  expect(seen).toEqual(found.rows);
  expect(await list("cursor=nonsense")).toEqual({ incidents: [], nextCursor: null });
});

test("what counts a whole fleet stops at its end, not before", async () => {
  const all = 100_000;
  const { rows, next } = await collect<number>({
    limit: Infinity,
    cursor: null,
    read: async ({ cursor, limit }) => {
      const end = Number(cursor ?? 0) + limit;
      const part = Array.from({ length: limit }, (_unused, index) => end - index);
      return await Promise.resolve({ rows: part, next: end < all ? String(end) : null });
    },
  });
  expect([rows.length, next]).toEqual([all, null]);
});

test("S0.7 versions are counted", async () => {
  await addMachine(alice, { machineId: idOf(1), name: "web-2" });
  await beat(t, { version: "2.0" });
  expect(await json("/api/v1/versions")).toEqual({
    versions: [
      { version: null, machines: 1, lastSeen: null },
      { version: "2.0", machines: 1, lastSeen: START },
    ],
  });
});

test("/metrics is what Prometheus reads, whatever a machine is called", async () => {
  const name = 'a"} 1\\';
  await alice.mutation(api.machines.update, { machineId: MACHINE_ID, name });
  const disks = [{ mount: '/a"b', usage: 71 }];
  await beat(t, { gauges: { players: 17 }, metrics: { cpuUsage: 12.5, networkRxBytes: 7, disks } });
  const response = await ask("/metrics");
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n");
  const labels = `{machine_id="${MACHINE_ID}",name="a\\"} 1\\\\"}`;
  expect(lines).toContain(`rollcall_machine_up${labels} 1`);
  expect(lines).toContain(`rollcall_machine_cpu_usage_percent${labels} 12.5`);
  expect(lines).toContain(`rollcall_machine_network_receive_bytes_total${labels} 7`);
  expect(lines).toContain(
    `rollcall_machine_filesystem_usage_percent${labels.slice(0, -1)},mount="/a\\"b"} 71`,
  );
  expect(lines).toContain(`rollcall_machine_gauge${labels.slice(0, -1)},gauge="players"} 17`);
  expect(lines).toContain("rollcall_machines_online 1");
  for (const line of lines.filter((text) => text !== "" && !text.startsWith("#"))) {
    expect(line).toMatch(/^rollcall_\w+(\{.*\})? (NaN|[\d.e+-]+)$/);
  }
  expect((await ask("/metrics", { key: null })).status).toBe(401);
});

test("S0.6 /health tells instances to those with a key", async () => {
  await beat(t);
  expect(await json("/health")).toMatchObject({ instances: [{ machineId: MACHINE_ID }] });
  expect(await json("/health", { key: null })).not.toHaveProperty("instances");
  expect(await refusal("/health", { key: `rck_${"x".repeat(32)}` })).toMatchObject({ status: 401 });
});

describe("bad requests", () => {
  test.each([
    ["/api/v1/machines?limit=0", 400],
    ["/api/v1/machines?limit=many", 400],
    ["/api/v1/machines?status=asleep", 400],
    ["/api/v1/machines?colour=red", 400],
    ["/api/v1/machines?at=yesterday", 400],
    [`/api/v1/machines/${MACHINE_ID}/metrics?from=2&to=1`, 400],
    ["/api/v1/nothing", 404],
    ["/api/v1/machines/%E0%A4%A", 404],
    [`/api/v1/machines/${"x".repeat(21)}`, 404],
  ])("%s gives %i", async (path, status) => {
    expect(await refusal(path)).toMatchObject({ status });
  });

  test.each([
    ["not JSON", "{", 400],
    ["another shape", { name: 7 }, 400],
    ["no name", { name: "  " }, 422],
    ["a name with a line break", { name: "a\nb" }, 422],
    ["an id that is none", { name: "a", machineId: "short" }, 422],
    ["an id that is taken", { name: "a", machineId: MACHINE_ID, secret: SECRET }, 409],
    ["an interval that is none", { name: "a", heartbeatIntervalMs: 1 }, 422],
    ["too much", { name: "a", description: "x".repeat(70_000) }, 413],
  ])("a new machine with %s is refused", async (_what, body, status) => {
    const outcome = await refusal("/api/v1/machines", { method: "POST", key: WRITE_KEY, body });
    expect(outcome.status).toBe(status);
    expect(outcome.message).not.toBe("");
    expect((await machinesOf("/api/v1/machines")).machines).toHaveLength(1);
  });

  test("a method that is not there names those that are", async () => {
    const { status, response } = await refusal("/api/v1/machines", { method: "PATCH" });
    expect(status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, POST");
  });
});

describe("the OpenAPI document", () => {
  interface Document {
    openapi: string;
    servers: { url: string }[];
    paths: Record<string, Record<string, { operationId: OperationId; responses: Responses }>>;
  }
  type JSONSchema = Parameters<typeof z.fromJSONSchema>[0];
  type Responses = Record<string, { content?: Record<string, { schema?: object }> }>;

  const read = async () =>
    (await json("/api/v1/openapi.json", { key: null })) as unknown as Document;

  test("has every operation, at this installation", async () => {
    const { openapi, servers, paths } = await read();
    expect(openapi).toBe("3.1.0");
    expect(servers).toEqual([{ url: SITE_URL }]);
    const described = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(described.sort()).toEqual(Object.keys(operations).sort());
  });

  test("describes what is really answered", async () => {
    await post(t, "register", { body: { hostname: "web-1.local", capacity: { maxServers: 2 } } });
    await beat(t, { metrics: { cpuUsage: 10, memoryUsage: 20 }, version: "1.0" });
    await pass(t, 5 * MINUTE);
    const { statusPageId } = await alice.mutation(api.statusPages.create, {
      slug: "acme",
      title: "Acme",
    });
    const items = [{ machineId: MACHINE_ID, name: "Website" }];
    await alice.mutation(api.statusPages.setItems, { statusPageId, items });
    await alice.mutation(api.statusPages.update, { statusPageId, isPublished: true });
    const { paths } = await read();
    for (const [template, methods] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        const schema = responses["200"]?.content?.["application/json"]?.schema;
        if (method !== "get" || schema === undefined) continue;
        const path = template.replace("{machineId}", MACHINE_ID).replace("{slug}", "acme");
        const result = z.fromJSONSchema(closed(schema)).safeParse(await json(path));
        expect(result.error?.issues, path).toBeUndefined();
      }
    }
  });

  /** No field may be answered that the document does not know. */
  function closed(schema: object): JSONSchema {
    return JSON.parse(JSON.stringify(schema), (_key, node: unknown) =>
      typeof node === "object" && node !== null && "properties" in node
        ? { ...node, additionalProperties: false }
        : node,
    ) as JSONSchema;
  }
});
