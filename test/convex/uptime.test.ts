import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import {
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  post,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIDNIGHT = START - 9 * HOUR;
const THRESHOLD = 2 * MINUTE;

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

/** Keeps the sweep going and the machine beating, as in life, in steps of a minute. */
async function live(durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= MINUTE) {
    await beat(t);
    await pass(t, Math.min(MINUTE, left), 10_000);
  }
}

/** Nothing but the sweep. */
async function silence(durationMs: number): Promise<void> {
  await pass(t, durationMs, 10_000);
}

async function uptime(until = Date.now()) {
  return await alice.query(api.uptime.get, { machineId: MACHINE_ID, until });
}

async function rollUp(): Promise<void> {
  await t.mutation(internal.jobs.rollUp.watch, {});
  for (let round = 0; round < 80; round++) {
    await vi.advanceTimersByTimeAsync(20);
    await t.finishInProgressScheduledFunctions();
  }
}

describe("uptime", () => {
  test("counts from the first heartbeat, down from the deadline", async () => {
    await silence(10 * MINUTE);
    await live(30 * MINUTE);
    await silence(11 * MINUTE);
    const { days, last24Hours } = await uptime();
    const downSeconds = 11 * 60 + 60 - THRESHOLD / 1_000;
    expect(days).toEqual([{ day: MIDNIGHT, upSeconds: 41 * 60 - downSeconds, downSeconds }]);
    expect(last24Hours).toBeCloseTo(1 - downSeconds / (41 * 60), 3);
  });

  test("is unknown of a machine that has never been seen", async () => {
    await silence(10 * MINUTE);
    expect(await uptime()).toMatchObject({ last24Hours: null, last30Days: null, last90Days: null });
  });

  test("S0.8 a planned stop does not count", async () => {
    await live(10 * MINUTE);
    await post(t, "goodbye", { body: { reason: "shutdown" } });
    await silence(20 * MINUTE);
    expect(await uptime()).toMatchObject({ last24Hours: 1 });
  });

  test("downtime in maintenance does not count, that of other machines does", async () => {
    await live(10 * MINUTE);
    const startsAt = Date.now();
    const schedule = { kind: "once" as const, startsAt, endsAt: startsAt + 2 * HOUR };
    const me = await t.run(async (ctx) => (await ctx.db.query("members").first())!);
    const window = { workspaceId: me.workspaceId, createdBy: me.userId, name: "disks", schedule };
    const windowId = await t.run(
      async (ctx) =>
        await ctx.db.insert("maintenanceWindows", { ...window, machineIds: [MACHINE_ID] }),
    );
    await silence(HOUR);
    expect(await uptime()).toMatchObject({ last24Hours: 1, days: [{ downSeconds: 0 }] });
    const args = { machineIds: [MACHINE_ID], until: Date.now() };
    const [bar] = await alice.query(api.uptime.bars, args);
    expect(bar?.cells).toMatch(/um+$/);
    await t.run(async (ctx) => {
      await ctx.db.patch("maintenanceWindows", windowId, { machineIds: ["x".repeat(21)] });
    });
    expect((await uptime()).last24Hours).toBeLessThan(1);
  });

  test("our own outage does not count", async () => {
    await live(10 * MINUTE);
    await silence(5 * MINUTE);
    const before = (await uptime()).days[0]!;
    vi.setSystemTime(Date.now() + 6 * HOUR);
    await pass(t, 10_000);
    const after = (await uptime()).days[0]!;
    expect(after.downSeconds - before.downSeconds).toBeLessThanOrEqual(10);
    expect(after.upSeconds).toBe(before.upSeconds);
  });

  test("days that are over are added up, and the answer stays the same", async () => {
    await rollUp();
    await live(10 * MINUTE);
    vi.setSystemTime(MIDNIGHT + DAY);
    await pass(t, 5 * MINUTE);
    const open = await uptime();
    await rollUp();
    const row = await t.run(async (ctx) => await ctx.db.query("uptimes").first());
    expect(row?.firstDay).toBe(MIDNIGHT);
    expect(row?.upSeconds).toHaveLength(1);
    expect(await uptime(Date.now())).toMatchObject({
      days: [open.days[0], { day: MIDNIGHT + DAY }],
    });
  });

  test("ninety days are shown, a year is kept, the thirtieth is not in the month", async () => {
    const machine = (await t.run(async (ctx) => await ctx.db.query("machines").first()))!._id;
    const firstDay = MIDNIGHT - 200 * DAY;
    await t.run(async (ctx) => {
      await ctx.db.insert("uptimes", {
        machine,
        firstDay,
        upSeconds: Array.from({ length: 200 }, (_unused, day) => (day < 170 ? 0 : 86_400)),
        downSeconds: Array.from({ length: 200 }, (_unused, day) => (day < 170 ? 86_400 : 0)),
      });
      // A machine that is older than its first heartbeat here.
      const existing = (await ctx.db.get("machines", machine))!;
      expect(existing._creationTime).toBeGreaterThan(firstDay);
    });
    expect(await uptime()).toMatchObject({ days: [{ day: MIDNIGHT }] });
    vi.setSystemTime(START + 100 * DAY);
    const { days } = await uptime();
    expect(days).toHaveLength(90);
    expect(days.at(-1)?.day).toBe(MIDNIGHT + 100 * DAY);
  });
});

describe("the bar of a day", () => {
  test("has a letter for each half hour", async () => {
    await live(50 * MINUTE);
    await silence(70 * MINUTE);
    const [bar] = await alice.query(api.uptime.bars, {
      machineIds: [MACHINE_ID, "x".repeat(21)],
      until: Date.now(),
    });
    expect(bar?.cells).toBe("w".repeat(44) + "updd");
    expect(bar?.uptime).toBeCloseTo(51 / 120, 2);
  });

  test("shows the half hour that has begun", async () => {
    await live(5 * MINUTE);
    const [bar] = await alice.query(api.uptime.bars, {
      machineIds: [MACHINE_ID],
      until: Date.now(),
    });
    expect(bar?.cells).toBe("w".repeat(47) + "u");
    expect(bar?.uptime).toBe(1);
  });

  test("is asked for the machines on screen, not for a fleet", async () => {
    const machineIds = Array.from({ length: 101 }, () => MACHINE_ID);
    await expect(alice.query(api.uptime.bars, { machineIds, until: START })).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
  });
});

test("Bob learns nothing of Alice's machine", async () => {
  const bob = await signIn(t, "bob");
  const until = START;
  await expect(bob.query(api.uptime.get, { machineId: MACHINE_ID, until })).rejects.toMatchObject({
    data: { kind: "notFound" },
  });
  expect(await bob.query(api.uptime.bars, { machineIds: [MACHINE_ID], until })).toEqual([]);
});
