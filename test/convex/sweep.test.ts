import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  addChannel,
  addMachine,
  aliceWithMachine,
  beat,
  deliveriesOf,
  incidentsOf,
  listed,
  MACHINE_ID,
  pass,
  post,
  SECRET,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  // Refused when it is sent: what counts here is what is queued.
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  await addChannel(alice, { url: "http://127.0.0.1:9/" });
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
});

/** Beats as an agent would for a while, so that the sweep keeps its rhythm meanwhile. */
async function beatFor(durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 30 * SECOND) {
    await beat(t);
    await pass(t, Math.min(left, 30 * SECOND), 10 * SECOND);
  }
}

const events = async () => (await deliveriesOf(alice)).map((delivery) => delivery.event).reverse();

describe("the states of a machine", () => {
  test("waiting stays waiting: a machine never seen pages nobody", async () => {
    await pass(t, 10 * MINUTE, MINUTE);
    expect(await listed(alice)).toMatchObject({ status: "offline", reason: "waiting" });
    expect(await events()).toEqual([]);
  });

  test("waiting -> online with the first heartbeat, without a message", async () => {
    await beat(t);
    expect(await listed(alice)).toMatchObject({ status: "online", reason: "heartbeat" });
    expect(await events()).toEqual([]);
  });

  test("online -> online while heartbeats come", async () => {
    await beatFor(5 * MINUTE);
    expect(await listed(alice)).toMatchObject({ status: "online", since: START });
  });

  test("S1.1 online -> offline after the threshold, dated at the deadline", async () => {
    await beat(t);
    await pass(t, 2 * MINUTE - SECOND);
    expect((await listed(alice)).status).toBe("online");
    await pass(t, 12 * SECOND);
    expect(await listed(alice)).toMatchObject({
      status: "offline",
      reason: "silence",
      since: START + 2 * MINUTE,
      lastSeen: START,
    });
    expect(await events()).toEqual(["machine.offline"]);
    expect(await incidentsOf(alice)).toMatchObject([
      { machineName: "web-1", openedAt: START + 2 * MINUTE, closedAt: null, reason: "silence" },
    ]);
  });

  test("S1.3 offline -> offline: one incident and one message, however long it lasts", async () => {
    await beat(t);
    await pass(t, 15 * MINUTE, MINUTE / 2);
    expect(await events()).toEqual(["machine.offline"]);
    expect(await incidentsOf(alice)).toHaveLength(1);
  });

  test("S1.3 offline -> online with the next heartbeat: one recovery, the incident closed", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    const backAt = Date.now();
    await beat(t);
    await beatFor(MINUTE);
    expect(await listed(alice)).toMatchObject({ status: "online", since: backAt });
    expect(await events()).toEqual(["machine.offline", "machine.online"]);
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: backAt }]);
  });

  test("S1.3 the next silence is a new incident", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    await beat(t);
    await pass(t, 3 * MINUTE);
    expect(await events()).toEqual(["machine.offline", "machine.online", "machine.offline"]);
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: null }, {}]);
  });

  test("S0.8 online -> stopped: a planned stop pages nobody", async () => {
    await beat(t);
    await post(t, "goodbye", { body: { reason: "shutdown" } });
    await pass(t, 10 * MINUTE, MINUTE);
    expect(await listed(alice)).toMatchObject({ status: "offline", reason: "shutdown" });
    expect(await events()).toEqual([]);
  });

  test("stopped -> online without a message", async () => {
    await beat(t);
    await post(t, "goodbye", { body: { reason: "reboot", expectedBackInMs: MINUTE } });
    await pass(t, 30 * SECOND);
    await beatFor(MINUTE);
    expect(await listed(alice)).toMatchObject({ status: "online" });
    expect(await events()).toEqual([]);
  });

  test("stopped -> offline when it is not back when it said", async () => {
    await beat(t);
    await post(t, "goodbye", { body: { reason: "reboot", expectedBackInMs: MINUTE } });
    await pass(t, MINUTE + 11 * SECOND);
    expect(await listed(alice)).toMatchObject({ reason: "silence", since: START + MINUTE });
    expect(await events()).toEqual(["machine.offline"]);
    expect(await incidentsOf(alice)).toMatchObject([{ reason: "reboot" }]);
  });

  test("offline -> stopped keeps the incident open until a heartbeat", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    await post(t, "goodbye", { body: { reason: "shutdown" } });
    expect(await listed(alice)).toMatchObject({ reason: "shutdown" });
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: null }]);
    await beat(t);
    expect(await events()).toEqual(["machine.offline", "machine.online"]);
  });
});

describe("timing", () => {
  test("S1.1 follows the installation's environment, in seconds if it says so", async () => {
    vi.stubEnv("MACHINE_OFFLINE_THRESHOLD", "3s");
    vi.stubEnv("MACHINE_HEARTBEAT_CHECK_INTERVAL", "1s");
    await pass(t, 11 * SECOND);
    await beat(t);
    await pass(t, 4 * SECOND, SECOND);
    expect((await listed(alice)).reason).toBe("silence");
    const { lastSweepAt, checkIntervalMs } = await alice.query(api.monitor.status, {});
    expect(checkIntervalMs).toBe(SECOND);
    expect(Date.now() - (lastSweepAt ?? 0)).toBeLessThanOrEqual(SECOND);
  });

  test("a machine's own threshold wins, and a change of it counts at once", async () => {
    await beat(t);
    const offlineThresholdMs = 50 * SECOND;
    await alice.mutation(api.machines.update, { machineId: MACHINE_ID, offlineThresholdMs });
    await pass(t, 61 * SECOND);
    expect(await listed(alice)).toMatchObject({ reason: "silence", since: START + 50 * SECOND });
  });

  test("a shorter interval is no alarm before the agent can have heard of it", async () => {
    const machineId = MACHINE_ID;
    const setTiming = async (heartbeatIntervalMs: number, offlineThresholdMs: number) =>
      await alice.mutation(api.machines.update, {
        machineId,
        heartbeatIntervalMs,
        offlineThresholdMs,
      });
    await setTiming(10 * MINUTE, 30 * MINUTE);
    await beat(t);
    await pass(t, 4 * MINUTE, MINUTE / 2);
    await setTiming(30 * SECOND, 2 * MINUTE);
    await pass(t, 6 * MINUTE, MINUTE / 2);
    expect(await listed(alice)).toMatchObject({ status: "online" });
    const { answer } = await beat(t);
    expect(answer).toMatchObject({ nextHeartbeatMs: 30 * SECOND });
    await pass(t, 2 * MINUTE + 11 * SECOND);
    expect(await listed(alice)).toMatchObject({ reason: "silence" });
    expect(await events()).toEqual(["machine.offline"]);
  });

  test("nor does it hide that the agent has gone", async () => {
    const machineId = MACHINE_ID;
    const slow = { heartbeatIntervalMs: 2 * MINUTE, offlineThresholdMs: 10 * MINUTE };
    await alice.mutation(api.machines.update, { machineId, ...slow });
    await beat(t);
    const quick = { heartbeatIntervalMs: 30 * SECOND, offlineThresholdMs: MINUTE };
    await alice.mutation(api.machines.update, { machineId, ...quick });
    await pass(t, 3 * MINUTE + 11 * SECOND);
    expect(await listed(alice)).toMatchObject({ reason: "silence", since: START + 3 * MINUTE });
  });
});

describe("the monitor's own outage", () => {
  test("pages nobody before a full threshold has passed after it", async () => {
    await beatFor(MINUTE);
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    const resumedAt = Date.now();
    await pass(t, MINUTE);
    expect((await listed(alice)).status).toBe("online");
    expect(console.warn).toHaveBeenCalledWith(expect.stringMatching(/the sweep was away for 1h/));
    await pass(t, MINUTE + 20 * SECOND);
    expect((await listed(alice)).reason).toBe("silence");
    expect((await listed(alice)).since).toBeGreaterThanOrEqual(resumedAt + 2 * MINUTE);
    expect(await events()).toEqual(["machine.offline"]);
  });

  test("a machine that beats after it and then falls silent gets its usual threshold", async () => {
    await beatFor(MINUTE);
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    await pass(t, 20 * SECOND);
    const lastSeen = Date.now();
    await beat(t);
    await pass(t, 2 * MINUTE + 15 * SECOND);
    expect(await listed(alice)).toMatchObject({ reason: "silence", since: lastSeen + 2 * MINUTE });
  });
});

describe("the sweep's loop", () => {
  test("is revived by the cron when it died, and an old loop that wakes up stops", async () => {
    await pass(t, 30 * SECOND);
    await t.run(async (ctx) => {
      for (const job of await ctx.db.system.query("_scheduled_functions").take(100)) {
        if (job.state.kind === "pending") await ctx.scheduler.cancel(job._id);
      }
    });
    await pass(t, MINUTE);
    const before = await alice.query(api.monitor.status, {});
    expect(Date.now() - (before.lastSweepAt ?? 0)).toBeGreaterThan(50 * SECOND);
    const { internal } = await import("../../convex/_generated/api.js");
    await t.mutation(internal.jobs.sweep.watch, {});
    await pass(t, SECOND);
    await t.mutation(internal.jobs.sweep.run, { chain: 1 });
    const after = await alice.query(api.monitor.status, {});
    expect(Date.now() - (after.lastSweepAt ?? 0)).toBeLessThanOrEqual(SECOND);
  });

  test("flips more machines than fit into one batch, each once", async () => {
    const ids = Array.from({ length: 130 }, (_unused, index) => `m${index}`.padEnd(21, "x"));
    for (const machineId of ids) {
      await addMachine(alice, { machineId, name: machineId });
      await beat(t, {}, `${machineId}:${SECRET}`);
    }
    await pass(t, 2 * MINUTE + 15 * SECOND, 10 * SECOND);
    const machines = await alice.query(api.machines.list, {});
    expect(machines.filter((machine) => machine.reason === "silence")).toHaveLength(130);
    const incidents = await t.run(async (ctx) => await ctx.db.query("incidents").take(500));
    expect(incidents).toHaveLength(130);
  }, 30_000);

  test("parks a row that cannot be handled and goes on with the others", async () => {
    const machineId = "b".repeat(21);
    await addMachine(alice, { machineId, name: "broken" });
    await beat(t);
    await beat(t, {}, `${machineId}:${SECRET}`);
    await t.run(async (ctx) => {
      for (const status of await ctx.db.query("statuses").take(10)) {
        const machine = await ctx.db.get(status.machine);
        if (machine?.machineId === machineId) await ctx.db.delete(status._id);
      }
    });
    await pass(t, 2 * MINUTE + 15 * SECOND);
    expect((await listed(alice)).reason).toBe("silence");
    expect(console.error).toHaveBeenCalledWith(
      expect.stringContaining("parked for an hour"),
      expect.anything(),
    );
    const deadlines = await t.run(async (ctx) =>
      (await ctx.db.query("pulses").take(10)).flatMap(({ deadlineAt }) => deadlineAt ?? []),
    );
    expect(deadlines).toEqual([expect.any(Number)]);
  });
});

test("S1.5 the log says when a machine was last seen", async () => {
  await beat(t);
  await pass(t, 2 * MINUTE + 15 * SECOND);
  expect(console.warn).toHaveBeenCalledWith("machine web-1 is offline, last seen 2m ago");
  await beat(t);
  expect(console.info).toHaveBeenCalledWith("machine web-1 is online, was silence");
});
