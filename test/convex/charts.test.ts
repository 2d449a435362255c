import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import {
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let t: Backend;
let alice: Person;
let machine: Id<"machines">;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  machine = await t.run(async (ctx) => (await ctx.db.query("machines").first())!._id);
});

const chart = async (from: number, to: number, resolution?: "raw" | "5m" | "1h" | "1d") =>
  await alice.query(api.samples.range, {
    machineId: MACHINE_ID,
    from,
    to,
    ...(resolution && { resolution }),
  });

/** A history that has been rolled up: samples for a day, five minutes for a month, hours and days for a year. */
async function fill(lengths: { raw?: number; "5m"?: number; "1h"?: number; "1d"?: number }) {
  await t.run(async (ctx) => {
    const times = (stepMs: number, lengthMs = 0) =>
      Array.from({ length: lengthMs / stepMs }, (_unused, index) => START - (index + 1) * stepMs);
    for (const at of times(30 * SECOND, lengths.raw)) {
      await ctx.db.insert("samples", { machine, at, cpuUsage: 50 });
    }
    for (const [resolution, stepMs] of [
      ["5m", 5 * MINUTE],
      ["1h", HOUR],
      ["1d", DAY],
    ] as const) {
      for (const at of times(stepMs, lengths[resolution])) {
        const row = { machine, resolution, at, beats: 10, cpuUsage: [40, 50, 60, 10] };
        await ctx.db.insert("rollups", row);
      }
    }
  });
}

describe("the resolution fits the stretch of time", () => {
  beforeEach(async () => {
    await fill({ raw: 6 * HOUR, "5m": 4 * DAY, "1h": 30 * DAY, "1d": 400 * DAY });
  });

  test.each([
    ["an hour", HOUR, "raw", 120],
    ["six hours", 6 * HOUR, "raw", 720],
    ["twelve hours", 12 * HOUR, "5m", 144],
    ["three days", 3 * DAY, "5m", 864],
    ["a month", 30 * DAY, "1h", 720],
    ["a year", 365 * DAY, "1d", 365],
  ] as const)("%s", async (_name, lengthMs, resolution, points) => {
    const result = await chart(START - lengthMs, START);
    expect(result.resolution).toBe(resolution);
    expect(result.at).toHaveLength(points);
    expect(result.beats).not.toContain(0);
  });

  test("what is too old for samples comes from rollups, however short", async () => {
    const result = await chart(START - 2 * DAY, START - 2 * DAY + HOUR);
    expect(result).toMatchObject({ resolution: "5m", stepMs: 5 * MINUTE });
    expect(result.at).toHaveLength(12);
  });
});

test("there are never more than a thousand points", async () => {
  await fill({ "5m": 8 * DAY });
  const result = await chart(START - 8 * DAY, START, "5m");
  expect(result.at.length).toBeLessThanOrEqual(1_000);
  expect(result.stepMs).toBe(15 * MINUTE);
  expect(result.beats).not.toContain(0);
  expect(result.series["cpuUsage"]?.max.at(-1)).toBe(60);
});

test("S4.3 heartbeats are points with their network rates, and a gap stays a gap", async () => {
  const send = async (seconds: number, networkRxBytes: number) => {
    vi.setSystemTime(START + seconds * SECOND);
    await beat(t, { metrics: { networkRxBytes, temperatureC: -5 } });
  };
  await send(0, 1_000);
  await send(30, 4_000);
  await send(600, 5_140);
  const result = await chart(START, START + HOUR);
  expect(result.at.map((at) => (at - START) / SECOND)).toEqual([0, 30, 60, 600]);
  expect(result.series["networkRxBytesPerSecond"]).toEqual({
    avg: [null, 100, null, 2],
    min: [],
    max: [],
  });
  expect(result.series["temperatureC"]?.avg).toEqual([-5, -5, null, -5]);
});

test("a stretch of time that is none is refused", async () => {
  await expect(chart(START, START)).rejects.toMatchObject({ data: { kind: "invalid" } });
  await expect(chart(Number.NaN, START)).rejects.toMatchObject({ data: { kind: "invalid" } });
});

test("Bob learns nothing of Alice's machine", async () => {
  const bob = await signIn(t, "bob");
  const args = { machineId: MACHINE_ID, from: START, to: START + HOUR };
  await expect(bob.query(api.samples.range, args)).rejects.toMatchObject({
    data: { kind: "notFound" },
  });
});

test("the monitor writes its own outages down", async () => {
  await beat(t);
  await pass(t, MINUTE);
  vi.setSystemTime(Date.now() + HOUR);
  await pass(t, MINUTE);
  const outages = await t.run(async (ctx) => await ctx.db.query("outages").take(10));
  expect(outages).toHaveLength(1);
  expect(outages[0]!.to - outages[0]!.from).toBeGreaterThan(59 * MINUTE);
});
