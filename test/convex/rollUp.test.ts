import { describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  SECRET,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Resolution = "raw" | "5m" | "1h" | "1d";

/** Lets the job do all that is due. */
async function rollUp(t: Backend): Promise<void> {
  await t.mutation(internal.jobs.rollUp.watch, {});
  for (let round = 0; round < 60; round++) {
    await vi.advanceTimersByTimeAsync(20);
    await t.finishInProgressScheduledFunctions();
  }
}

/** Jumps without running anything: as if the backend had been asleep. */
function jumpTo(at: number): void {
  vi.setSystemTime(at);
}

async function chart(person: Person, from: number, to: number, resolution?: Resolution) {
  const args = { machineId: MACHINE_ID, from, to, ...(resolution && { resolution }) };
  return await person.query(api.samples.range, args);
}

/** Alice, web-1, and a history that begins at nine. */
async function start(): Promise<{ t: Backend; alice: Person }> {
  const t = startBackend();
  const alice = await aliceWithMachine(t);
  await rollUp(t);
  return { t, alice };
}

async function beatAt(t: Backend, at: number, metrics?: Record<string, number>): Promise<void> {
  jumpTo(at);
  await beat(t, metrics === undefined ? undefined : { metrics });
}

describe("rolling up", () => {
  test("S4.3 five minutes become one bucket with least, average, greatest and count", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 10, memoryUsage: 50 });
    await beatAt(t, START + 2 * MINUTE, { cpuUsage: 40 });
    await beatAt(t, START + 6 * MINUTE, { cpuUsage: 99 });
    jumpTo(START + 7 * MINUTE);
    await rollUp(t);
    const { at, beats, series } = await chart(alice, START, START + HOUR, "5m");
    expect(at).toEqual([START]);
    expect(beats).toEqual([2]);
    expect(series["cpuUsage"]).toEqual({ min: [10], avg: [25], max: [40] });
    expect(series["memoryUsage"]).toEqual({ min: [50], avg: [50], max: [50] });
    expect(Object.keys(series)).toHaveLength(2);
  });

  test("goes on after a clock that was ahead, and does again what it did too early", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + DAY, { cpuUsage: 10 });
    jumpTo(START + DAY + 10 * MINUTE);
    await rollUp(t);
    jumpTo(START + 16 * MINUTE);
    await rollUp(t);
    const progress = await t.run(async (ctx) => await ctx.db.query("rollUpProgress").first());
    expect(progress).toMatchObject({ doneUntil: START + 15 * MINUTE });
    expect(progress).not.toHaveProperty("passUntil");
    await beatAt(t, START + DAY + MINUTE, { cpuUsage: 30 });
    jumpTo(START + DAY + 10 * MINUTE);
    for (let round = 0; round < 10; round++) await rollUp(t);
    const late = await chart(alice, START + DAY, START + DAY + HOUR, "5m");
    expect(late).toMatchObject({ at: [START + DAY], beats: [2] });
  });

  test("a bucket waits until it is over", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 10 });
    jumpTo(START + 5 * MINUTE);
    await rollUp(t);
    expect((await chart(alice, START, START + HOUR, "5m")).at).toEqual([]);
  });

  test("hours and days follow when they are over", async () => {
    const { t, alice } = await start();
    for (let minute = 1; minute < 120; minute += 10) {
      await beatAt(t, START + minute * MINUTE, { cpuUsage: minute < 60 ? 10 : 30 });
    }
    jumpTo(START + 2 * HOUR + MINUTE);
    await rollUp(t);
    const hourly = await chart(alice, START, START + DAY, "1h");
    expect(hourly.at).toEqual([START, START + HOUR]);
    expect(hourly.beats).toEqual([6, 6]);
    expect(hourly.series["cpuUsage"]?.avg).toEqual([10, 30]);

    jumpTo(START + DAY);
    await rollUp(t);
    const midnight = START - 9 * HOUR;
    const daily = await chart(alice, midnight, midnight + 2 * DAY, "1d");
    expect(daily.at).toEqual([midnight]);
    expect(daily.beats).toEqual([12]);
    expect(daily.series["cpuUsage"]).toEqual({ min: [10], avg: [20], max: [30] });
  });

  test("after a long stop of ours the backlog is worked off, empty hours at once", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 10 });
    await beatAt(t, START + 9 * DAY, { cpuUsage: 20 });
    jumpTo(START + 9 * DAY + 6 * MINUTE);
    await rollUp(t);
    const { at } = await chart(alice, START, START + 10 * DAY, "5m");
    expect(at.filter((_at, index) => index !== 1)).toEqual([START, START + 9 * DAY]);
  });

  test("more machines than one transaction takes are all rolled up", async () => {
    const { t, alice } = await start();
    const ids = Array.from({ length: 60 }, (_unused, index) => `m${index}`.padEnd(21, "x"));
    for (const machineId of ids) {
      await addMachine(alice, { machineId, name: machineId });
      await beat(t, { metrics: { cpuUsage: 5 } }, `${machineId}:${SECRET}`);
    }
    jumpTo(START + 6 * MINUTE);
    await rollUp(t);
    const rows = await t.run(async (ctx) => await ctx.db.query("rollups").take(100));
    expect(new Set(rows.map(({ machine }) => machine)).size).toBe(60);
    expect(rows).toHaveLength(60);
  });

  test("one bad machine does not stop the others", async () => {
    const { t, alice } = await start();
    await addMachine(alice, { machineId: "z".repeat(21), name: "web-2" });
    await beatAt(t, START + MINUTE, { cpuUsage: 10 });
    await beat(t, { metrics: { cpuUsage: 20 } }, `${"z".repeat(21)}:${SECRET}`);
    await t.run(async (ctx) => {
      const [first] = await ctx.db.query("machines").take(1);
      const bucket = { machine: first!._id, resolution: "5m" as const, at: START, beats: 1 };
      await ctx.db.insert("rollups", bucket);
      await ctx.db.insert("rollups", bucket);
    });
    jumpTo(START + 6 * MINUTE);
    await rollUp(t);
    const machineId = "z".repeat(21);
    const args = { machineId, from: START, to: START + HOUR, resolution: "5m" as const };
    expect((await alice.query(api.samples.range, args)).series["cpuUsage"]?.avg).toEqual([20]);
  });

  test("a pass that lost its next step goes on with the next cron", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 10 });
    await t.run(async (ctx) => {
      const [progress] = await ctx.db.query("rollUpProgress").take(1);
      const passUntil = START + 5 * MINUTE;
      await ctx.db.patch("rollUpProgress", progress!._id, { passUntil, cursor: 0 });
    });
    jumpTo(START + 6 * MINUTE);
    await rollUp(t);
    expect((await chart(alice, START, START + HOUR, "5m")).at).toEqual([START]);
  });
});

describe("buffered samples", () => {
  const buffered = (minutes: number, cpuUsage: number) => ({
    timestamp: START + minutes * MINUTE,
    metrics: { cpuUsage },
  });

  test("land at their own time, in buckets that were made before", async () => {
    const { t, alice } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 10 });
    jumpTo(START + 2 * HOUR + 6 * MINUTE);
    await rollUp(t);
    expect((await chart(alice, START, START + DAY, "1h")).beats).toEqual([1]);

    await beat(t, { heartbeats: [buffered(2, 30), buffered(11, 50), buffered(61, 70), {}] });
    await rollUp(t);
    const five = await chart(alice, START, START + HOUR, "5m");
    expect(five.at.filter((_at, index) => five.beats[index] !== 0)).toEqual([
      START,
      START + 10 * MINUTE,
    ]);
    expect(five.series["cpuUsage"]?.avg).toEqual([20, null, 50]);
    const hourly = await chart(alice, START, START + DAY, "1h");
    expect(hourly.beats).toEqual([3, 1]);
    expect(hourly.series["cpuUsage"]).toEqual({ min: [10, 70], avg: [30, 70], max: [50, 70] });
  });

  test("cost the machine nothing while they are of the current bucket", async () => {
    const { t } = await start();
    jumpTo(START + MINUTE);
    await beat(t, { heartbeats: [buffered(0.5, 1), {}] });
    expect(await t.run(async (ctx) => await ctx.db.query("lateSpans").take(1))).toEqual([]);
  });
});

describe("retention", () => {
  async function countOf(t: Backend, table: "samples" | "rollups"): Promise<number> {
    return await t.run(async (ctx) => (await ctx.db.query(table).take(2_000)).length);
  }

  test("samples stay until they are rolled up", async () => {
    const { t } = await start();
    await beatAt(t, START + MINUTE);
    jumpTo(START + 3 * DAY);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await countOf(t, "samples")).toBe(1);
    await rollUp(t);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await countOf(t, "samples")).toBe(0);
  });

  test("five minutes are kept for a month, hours and days for two years", async () => {
    const { t } = await start();
    await beatAt(t, START + MINUTE);
    for (const days of [1, 2]) {
      jumpTo(START + days * DAY);
      await rollUp(t);
    }
    expect(await countOf(t, "rollups")).toBe(3);
    jumpTo(START + 31 * DAY);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await countOf(t, "rollups")).toBe(2);
    jumpTo(START + 732 * DAY);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await countOf(t, "rollups")).toBe(0);
  });

  test("what is kept for how long is a setting", async () => {
    const { t } = await start();
    vi.stubEnv("ROLLCALL_KEEP_SAMPLES", "3h");
    await beatAt(t, START + MINUTE);
    jumpTo(START + 4 * HOUR);
    await rollUp(t);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await countOf(t, "samples")).toBe(0);
  });

  test("S4.1 a removed machine takes its history along", async () => {
    const { t } = await start();
    await beatAt(t, START + MINUTE, { cpuUsage: 1 });
    jumpTo(START + 6 * MINUTE);
    await rollUp(t);
    const [machine] = await t.run(async (ctx) => await ctx.db.query("machines").take(1));
    await t.mutation(internal.jobs.retain.forgetMachine, { machine: machine!._id });
    await pass(t, SECOND);
    expect([await countOf(t, "samples"), await countOf(t, "rollups")]).toEqual([0, 0]);
  });
});
