import { beforeEach, describe, expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../core/agentApi.ts";
import { api } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  listed,
  MACHINE_ID,
  post,
  SECRET,
  START,
  startBackend,
  TOKEN,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

async function samples() {
  return await t.run(async (ctx) => await ctx.db.query("samples").take(200));
}

describe("POST /agent/v1/heartbeat", () => {
  test("S2.5 without a body brings the machine online", async () => {
    const { status, answer } = await beat(t);
    expect(status).toBe(200);
    expect(answer).toEqual({
      status: "online",
      nextHeartbeatMs: 30_000,
      serverTime: START,
      clockSkewMs: null,
    });
    expect(await listed(alice)).toMatchObject({
      status: "online",
      reason: "heartbeat",
      since: START,
      lastSeen: START,
    });
  });

  test("S2.4 keeps the metrics and tells the skew of the agent's clock", async () => {
    const metrics = { cpuUsage: 12.5, memoryUsage: 40, networkRxBytes: 1e12, load1: 0.7 };
    const timestamp = new Date(START + 3_000).toISOString();
    const { answer } = await beat(t, { timestamp, sequence: 1, bootId: "b1", metrics, unknown: 1 });
    expect(answer["clockSkewMs"]).toBe(3_000);
    expect(await samples()).toMatchObject([{ at: START, ...metrics }]);
  });

  test("S2.4 says what it could not keep, since it stood beside the metrics", async () => {
    const { status, answer } = await beat(t, { cpuUsage: 40, metrics: { load1: 1 } });
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      status: "online",
      ignored: [{ path: "cpuUsage", message: "belongs inside metrics" }],
    });
    expect((await beat(t, { metrics: { cpuUsage: 40 } })).answer).not.toHaveProperty("ignored");
  });

  test("keeps the file systems and free gauges of the last heartbeat, and swap with the samples", async () => {
    const disks = [
      { mount: "/", usage: 40 },
      { mount: "/srv/daten über", usage: 71.5 },
    ];
    await beat(t, { gauges: { players: 17 }, metrics: { swapUsage: 3, disks } });
    const pulse = async () =>
      (await alice.query(api.machines.get, { machineId: MACHINE_ID }))!.pulse;
    expect(await pulse()).toMatchObject({ swapUsage: 3, disks, gauges: { players: 17 } });
    const [sample] = await samples();
    expect(sample).toMatchObject({ swapUsage: 3 });
    expect(sample).not.toHaveProperty("disks");
    await beat(t, { metrics: { cpuUsage: 1 } });
    // A machine's agent and its bot may report in turns.
    expect(await pulse()).toMatchObject({ swapUsage: null, disks: [], gauges: { players: 17 } });
  });

  test("S3.4 shows the assistants that the machine reports", async () => {
    await beat(t, { assistantCount: 4 });
    expect((await listed(alice)).assistantCount).toBe(4);
    await beat(t);
    expect((await listed(alice)).assistantCount).toBe(4);
  });

  test("that says another version each time does not fill the history", async () => {
    for (let index = 0; index < 40; index++) await beat(t, { version: `1.${index % 2}` });
    await post(t, "register", { body: { hostname: "web-1", version: "3.0" } });
    const changes = await t.run(async (ctx) => await ctx.db.query("versionChanges").take(50));
    expect(changes).toHaveLength(10);
    const row = await listed(alice);
    expect([row.version, row.hostname]).toEqual([changes.at(-1)?.to, "web-1"]);
    vi.setSystemTime(START + 3_600_000);
    await beat(t, { version: "3.0" });
    expect((await listed(alice)).version).toBe("3.0");
  });

  test("S0.7 follows the version of the agent", async () => {
    await beat(t, { version: "1.2.3" });
    expect((await listed(alice)).version).toBe("1.2.3");
  });

  test("does not touch the status of a machine that is online", async () => {
    await beat(t);
    vi.setSystemTime(START + 30_000);
    await beat(t);
    expect(await listed(alice)).toMatchObject({ since: START, lastSeen: START + 30_000 });
    const changes = await t.run(async (ctx) => await ctx.db.query("statusChanges").take(10));
    expect(changes).toHaveLength(1);
  });

  test("asks for heartbeats that fit into the machine's own timing", async () => {
    await alice.mutation(api.machines.update, {
      machineId: MACHINE_ID,
      heartbeatIntervalMs: 5_000,
    });
    expect((await beat(t)).answer["nextHeartbeatMs"]).toBe(5_000);
  });
});

describe("a buffer sent later", () => {
  test("is kept under the agent's times; the newest counts as now", async () => {
    const heartbeats = [
      { timestamp: START - 60_000, metrics: { cpuUsage: 1 } },
      { timestamp: START - 30_000, metrics: { cpuUsage: 2 } },
      { timestamp: START - 100, metrics: { cpuUsage: 3 } },
    ];
    expect((await beat(t, { heartbeats })).status).toBe(200);
    expect(await samples()).toMatchObject([
      { at: START - 60_000, cpuUsage: 1 },
      { at: START - 30_000, cpuUsage: 2 },
      { at: START, cpuUsage: 3 },
    ]);
    expect((await listed(alice)).lastSeen).toBe(START);
  });

  test("drops what is older than samples are kept, and dates nothing in the future", async () => {
    const day = 24 * 3_600_000;
    await beat(t, {
      heartbeats: [{ timestamp: START - 2 * day }, { timestamp: START + day }, {}],
    });
    expect((await samples()).map((sample) => sample.at)).toEqual([START, START]);
  });

  test("sent again after a lost answer is not kept twice", async () => {
    const heartbeats = [1, 2, 3].map((sequence) => ({
      sequence,
      bootId: "b1",
      timestamp: START - 10_000 + sequence,
    }));
    await beat(t, { heartbeats });
    await beat(t, { heartbeats });
    expect(await samples()).toHaveLength(4);
  });

  test("by a new boot is kept, although the boot before had counted further", async () => {
    await beat(t, { bootId: "b1", sequence: 500 });
    await post(t, "register", { body: { hostname: "web-1", bootId: "b2" } });
    const heartbeats = [1, 2, 3].map((sequence) => ({
      sequence,
      bootId: "b2",
      timestamp: START - 10_000 + sequence,
    }));
    await beat(t, { heartbeats });
    expect(await samples()).toHaveLength(4);
  });

  test("of more than a hundred is refused", async () => {
    const { status } = await beat(t, { heartbeats: Array(101).fill({}) });
    expect(status).toBe(422);
    expect(await samples()).toEqual([]);
  });
});

describe("POST /agent/v1/register", () => {
  const facts = {
    hostname: "web-1.example",
    ipAddress: "192.0.2.7",
    os: "Debian 13",
    arch: "arm64",
    version: "1.0.0",
    rootDirectory: "/srv/app",
    capacity: { maxServers: 4 },
  };

  test("S0.1 S2.1 stores what the machine is and answers how to beat", async () => {
    const metadata = { $rack: "b", "with space": [1, { deep: null }] };
    const { status, answer } = await post(t, "register", {
      body: { ...facts, bootId: "b1", metadata },
    });
    expect(status).toBe(200);
    expect(answer).toEqual({
      machineId: MACHINE_ID,
      name: "web-1",
      heartbeatIntervalMs: 30_000,
      serverTime: START,
    });
    const machine = await alice.query(api.machines.get, { machineId: MACHINE_ID });
    expect(machine).toMatchObject({ ...facts, status: "online", lastSeen: START });
    expect(JSON.parse(machine?.metadata ?? "")).toEqual(metadata);
  });

  test("S2.1 repeated, updates what changed and keeps what was not sent", async () => {
    await post(t, "register", { body: facts });
    await post(t, "register", { body: { hostname: "web-1.example", version: "1.1.0" } });
    expect(await listed(alice)).toMatchObject({ version: "1.1.0", rootDirectory: "/srv/app" });
  });

  test("without a host name is a wrong shape", async () => {
    const { status, answer } = await post(t, "register", { body: {} });
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error: { code: "badRequest", issues: [{ path: "hostname" }] } });
  });
});

describe("POST /agent/v1/goodbye", () => {
  test.each(["shutdown", "reboot", "upgrade"])("S0.8 stops the machine: %s", async (reason) => {
    await beat(t);
    const { status, answer } = await post(t, "goodbye", { body: { reason } });
    expect({ status, answer }).toEqual({ status: 200, answer: { status: "offline" } });
    expect(await listed(alice)).toMatchObject({ status: "offline", reason });
  });

  test("S0.8 is refused where a machine stops and returns without end", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 21; n++) {
      await beat(t);
      statuses.push((await post(t, "goodbye", { body: { reason: "upgrade" } })).status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429]);
    expect(await listed(alice), "a refused goodbye stops nothing").toMatchObject({
      status: "online",
    });
  });
});

describe("wrong tokens", () => {
  const wrong: [string, string | null][] = [
    ["missing", null],
    ["malformed", "nonsense"],
    ["of an unknown machine", `${"x".repeat(21)}:${SECRET}`],
    ["with a wrong secret", `${MACHINE_ID}:${"x".repeat(32)}`],
  ];

  test("get the same answer, byte for byte", async () => {
    const answers = [];
    for (const [, token] of wrong) {
      const { status, answer } = await post(t, "heartbeat", { token });
      answers.push(JSON.stringify({ status, answer }));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"status":401');
    expect(answers[0]).toContain('"code":"unauthorized"');
  });

  test.each(wrong)("%s: nothing else about the request is told", async (_case, token) => {
    expect((await post(t, "register", { token, body: {} })).status).toBe(401);
    expect((await post(t, "heartbeat", { token, body: "{" })).status).toBe(401);
    expect((await post(t, "goodbye", { token, body: { reason: "lunch" } })).status).toBe(401);
    expect((await listed(alice)).reason).toBe("waiting");
  });
});

describe("bad bodies", () => {
  test.each([
    [400, "badRequest", "{"],
    [400, "badRequest", "[]"],
    [400, "badRequest", "null"],
    [400, "badRequest", `{"metrics":${"[".repeat(50)}${"]".repeat(50)}}`],
    [400, "badRequest", '{"metrics":{"cpuUsage":"high"}}'],
    [400, "badRequest", '{"gauges":{"players":"many"}}'],
    [400, "badRequest", '{"metrics":{"disks":{"/":40}}}'],
    [413, "tooLarge", JSON.stringify({ bootId: "x".repeat(MAX_BODY_BYTES) })],
    [422, "notStorable", '{"metrics":{"cpuUsage":140}}'],
    [422, "notStorable", '{"metrics":{"swapUsage":-1}}'],
    [422, "notStorable", '{"metrics":{"disks":[{"mount":"/","usage":101}]}}'],
    [422, "notStorable", '{"metrics":{"disks":[{"mount":"","usage":1}]}}'],
    [422, "notStorable", '{"gauges":{"$players":1}}'],
    [422, "notStorable", '{"gauges":{"players":1e999}}'],
    [422, "notStorable", '{"timestamp":"yesterday"}'],
    [422, "notStorable", '{"assistantCount":1e999}'],
    [422, "notStorable", JSON.stringify({ bootId: "x".repeat(10_000) })],
  ])("are answered %i %s: %.40s", async (status, code, body) => {
    const response = await beat(t, body);
    expect(response.status).toBe(status);
    expect(response.answer).toMatchObject({
      error: { code, message: expect.any(String) as string },
    });
    expect((await listed(alice)).reason).toBe("waiting");
  });

  test("brackets inside of strings do not count as depth", async () => {
    expect((await beat(t, { unknown: `"${"[".repeat(500)}` })).status).toBe(200);
  });
});

describe("too many requests", () => {
  test("S4.4 are refused with Retry-After, and accepted again after it", async () => {
    const statuses = [];
    for (let index = 0; index < 70; index++) statuses.push((await beat(t)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    const refused = await beat(t);
    expect(refused).toMatchObject({ status: 429, answer: { error: { code: "rateLimited" } } });
    const retryAfterSeconds = Number(refused.headers.get("Retry-After"));
    expect(retryAfterSeconds).toBeGreaterThan(0);
    vi.setSystemTime(START + retryAfterSeconds * 1_000);
    expect((await beat(t)).status).toBe(200);
  });

  test("of one machine leave the others alone", async () => {
    const other = `${"o".repeat(21)}:${SECRET}`;
    await addMachine(alice, { machineId: "o".repeat(21), name: "web-2" });
    for (let index = 0; index < 61; index++) await beat(t);
    expect((await beat(t)).status).toBe(429);
    expect((await beat(t, {}, other)).status).toBe(200);
  });
});

test("an error inside is 503 with Retry-After, and says nothing about itself", async () => {
  await t.run(async (ctx) => {
    for (const pulse of await ctx.db.query("pulses").take(1)) await ctx.db.delete(pulse._id);
  });
  const { status, answer, headers } = await beat(t);
  expect(status).toBe(503);
  expect(headers.get("Retry-After")).toBe("1");
  expect(JSON.stringify(answer)).not.toContain("pulse");
});

test("only POST is taken", async () => {
  const response = await t.fetch("/agent/v1/heartbeat", {
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  expect(response.status).toBe(404);
});
