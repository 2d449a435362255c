import { beforeEach, describe, expect, test, vi } from "vitest";
import { DAY } from "../../core/time.ts";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  beat,
  listed,
  MACHINE_ID,
  post,
  SECRET,
  settle,
  signIn,
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
  alice = await signIn(t, "alice");
});

describe("machines.create", () => {
  test("S3.1 returns the id and the token that the browser made", async () => {
    expect(await addMachine(alice)).toEqual({ machineId: MACHINE_ID, token: TOKEN });
  });

  test("S4.2 keeps the secret as a SHA-256 only", async () => {
    await addMachine(alice);
    const rows = await t.run(async (ctx) => await ctx.db.query("machines").take(10));
    expect(JSON.stringify(rows)).not.toContain(SECRET);
    expect(rows[0]?.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(await alice.query(api.machines.list, {}))).not.toContain(
      rows[0]?.secretHash,
    );
  });

  test("S3.1 refuses an id that exists, also one that somebody else has", async () => {
    await addMachine(alice);
    const duplicate = { data: { kind: "duplicateMachineId" } };
    await expect(addMachine(alice)).rejects.toMatchObject(duplicate);
    const bob = await signIn(t, "bob");
    await expect(addMachine(bob)).rejects.toMatchObject(duplicate);
  });

  test("S3.1 refuses a stranger", async () => {
    const create = t.mutation(api.machines.create, {
      machineId: MACHINE_ID,
      secret: SECRET,
      name: "web-1",
    });
    await expect(create).rejects.toMatchObject({ data: { kind: "notSignedIn" } });
  });

  test.each([
    ["machineId", { machineId: "short" }],
    ["machineId", { machineId: "é".repeat(21) }],
    ["secret", { secret: "short" }],
    ["secret", { secret: "s".repeat(129) }],
    ["name", { name: "   " }],
    ["name", { name: "n".repeat(10_000) }],
    ["name", { name: "web\u0007-1" }],
    ["heartbeatIntervalMs", { heartbeatIntervalMs: 10 }],
    ["offlineThresholdMs", { offlineThresholdMs: 1_000 }],
    ["offlineThresholdMs", { heartbeatIntervalMs: 60_000, offlineThresholdMs: 30_000 }],
  ])("refuses a wrong %s and says which field it was", async (field, settings) => {
    await expect(addMachine(alice, settings)).rejects.toMatchObject({
      data: { kind: "invalid", field },
    });
    expect(await alice.query(api.machines.list, {})).toEqual([]);
  });

  test("keeps a name with HTML in it as the text that it is", async () => {
    await addMachine(alice, { name: " <b>web</b> " });
    expect((await listed(alice)).name).toBe("<b>web</b>");
  });
});

describe("machines.list", () => {
  test("S3.2 is empty at first", async () => {
    expect(await alice.query(api.machines.list, {})).toEqual([]);
  });

  test("S3.2 shows a new machine as offline and waiting", async () => {
    await addMachine(alice);
    expect(await listed(alice)).toEqual({
      machineId: MACHINE_ID,
      name: "web-1",
      description: "",
      tags: [],
      status: "offline",
      reason: "waiting",
      since: START,
      lastSeen: null,
      assistantCount: null,
      hostname: null,
      version: null,
      ipAddress: null,
      os: null,
      arch: null,
      rootDirectory: null,
      heartbeatIntervalMs: 30_000,
      offlineThresholdMs: 120_000,
      pausedAt: null,
      clashedAt: null,
      createdAt: expect.any(Number) as number,
    });
  });

  test("S4.1 shows nobody else's machines", async () => {
    await addMachine(alice);
    const bob = await signIn(t, "bob");
    expect(await bob.query(api.machines.list, {})).toEqual([]);
    expect(await bob.query(api.machines.get, { machineId: MACHINE_ID })).toBeNull();
    expect(await bob.query(api.pulses.list, { machineIds: [MACHINE_ID] })).toEqual([]);
  });

  test("is sorted by name", async () => {
    for (const [index, name] of ["web-2", "Api", "web-1"].entries()) {
      await addMachine(alice, { name, machineId: `${index}`.repeat(21) });
    }
    const names = (await alice.query(api.machines.list, {})).map((machine) => machine.name);
    expect(names).toEqual(["Api", "web-1", "web-2"]);
  });
});

test("machines.get and pulses.list show what the last heartbeat measured", async () => {
  await addMachine(alice);
  const metrics = { cpuUsage: 12.5, memoryUsage: 40, diskUsage: 60, containerCount: 3 };
  await beat(t, { metrics, assistantCount: 2, timestamp: START - 1_500 });
  await beat(t);
  const pulse = {
    machineId: MACHINE_ID,
    lastHeartbeatAt: START,
    ...metrics,
    assistantCount: 2,
    clockSkewMs: -1_500,
  };
  expect(await alice.query(api.pulses.list, { machineIds: [MACHINE_ID] })).toEqual([pulse]);
  const machine = await alice.query(api.machines.get, { machineId: MACHINE_ID });
  expect(machine).toMatchObject({ assistantCount: 2, lastSeen: START, pulse });
});

test("pulses.list refuses more machines than fit on a screen", async () => {
  const machineIds = Array<string>(101).fill(MACHINE_ID);
  await expect(alice.query(api.pulses.list, { machineIds })).rejects.toMatchObject({
    data: { kind: "invalid", field: "machineIds" },
  });
});

describe("machines.update", () => {
  test("changes what is given and leaves the rest", async () => {
    await addMachine(alice);
    const tags = ["prod", " eu ", "prod"];
    await alice.mutation(api.machines.update, { machineId: MACHINE_ID, name: "web-one", tags });
    expect(await listed(alice)).toMatchObject({
      name: "web-one",
      tags: ["prod", "eu"],
      description: "",
    });
  });

  test("refuses somebody else's machine as if it did not exist", async () => {
    await addMachine(alice);
    const bob = await signIn(t, "bob");
    const update = bob.mutation(api.machines.update, { machineId: MACHINE_ID, name: "mine" });
    await expect(update).rejects.toMatchObject({ data: { kind: "notFound" } });
  });

  test("holds a new threshold against the interval that is set", async () => {
    await addMachine(alice, { heartbeatIntervalMs: 60_000, offlineThresholdMs: 180_000 });
    const update = { machineId: MACHINE_ID, offlineThresholdMs: 30_000 };
    await expect(alice.mutation(api.machines.update, update)).rejects.toMatchObject({
      data: { kind: "invalid", field: "offlineThresholdMs" },
    });
  });
});

describe("machines.remove", () => {
  test("takes the machine off the list; its agent hears 410, others 401", async () => {
    await addMachine(alice);
    await beat(t);
    await alice.mutation(api.machines.remove, { machineId: MACHINE_ID });
    expect(await alice.query(api.machines.list, {})).toEqual([]);
    expect((await beat(t)).status).toBe(410);
    expect((await post(t, "register", { body: { hostname: "web-1" } })).status).toBe(410);
    expect((await beat(t, {}, `${MACHINE_ID}:${"x".repeat(32)}`)).status).toBe(401);
  });

  test("S4.1 takes the history with it when the thirty days are over", async () => {
    await addMachine(alice);
    await beat(t);
    await alice.mutation(api.machines.remove, { machineId: MACHINE_ID });
    vi.setSystemTime(START + 30 * DAY);
    await t.mutation(internal.jobs.registry.purgeDeleted, {});
    await settle(t);
    expect((await beat(t)).status).toBe(410);
    const left = await t.run(async (ctx) => [
      ...(await ctx.db.query("pulses").take(10)),
      ...(await ctx.db.query("statuses").take(10)),
      ...(await ctx.db.query("samples").take(10)),
      ...(await ctx.db.query("statusChanges").take(10)),
      ...(await ctx.db.query("machines").take(10)),
    ]);
    expect(left).toEqual([]);
  });

  test("does not give the id away again", async () => {
    await addMachine(alice);
    await alice.mutation(api.machines.remove, { machineId: MACHINE_ID });
    await expect(addMachine(alice)).rejects.toMatchObject({
      data: { kind: "duplicateMachineId" },
    });
  });
});
