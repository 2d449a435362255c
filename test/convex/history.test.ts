import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  post,
  SECRET,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SECOND_ID = "o".repeat(21);

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

async function fleetAt(at: number, person = alice, numItems = 100) {
  const paginationOpts = { numItems, cursor: null };
  return (await person.query(api.history.fleetAt, { at, paginationOpts })).page;
}

async function stateAt(at: number) {
  return (await fleetAt(at)).find(({ machineId }) => machineId === MACHINE_ID);
}

async function rollUp(): Promise<void> {
  await t.mutation(internal.jobs.rollUp.watch, {});
  for (let round = 0; round < 80; round++) {
    await vi.advanceTimersByTimeAsync(20);
    await t.finishInProgressScheduledFunctions();
  }
}

describe("the fleet at a moment", () => {
  test("S0.7 is as it was then: waiting, online, offline, online again", async () => {
    await pass(t, 10 * MINUTE, 10_000);
    const onlineAt = Date.now();
    await beat(t);
    await pass(t, 10 * MINUTE, 10_000);
    const backAt = Date.now();
    await beat(t);
    expect(await stateAt(onlineAt - 1)).toMatchObject({ reason: "waiting", condition: "waiting" });
    expect(await stateAt(onlineAt)).toMatchObject({
      status: "online",
      since: onlineAt,
      condition: "up",
    });
    expect(await stateAt(onlineAt + 5 * MINUTE)).toMatchObject({
      status: "offline",
      reason: "silence",
      since: onlineAt + 2 * MINUTE,
      condition: "down",
    });
    expect(await stateAt(backAt)).toMatchObject({ status: "online", since: backAt });
  });

  test("steps from change to change, of whichever machine, and no further than the first and the last", async () => {
    await addMachine(alice, { machineId: SECOND_ID, secret: SECRET, name: "web-2" });
    const bob = await signIn(t, "bob");
    const onlineAt = Date.now();
    await beat(t);
    await pass(t, 5 * MINUTE, 10_000);
    const silentAt = onlineAt + 2 * MINUTE;
    const backAt = Date.now();
    await beat(t, undefined, `${SECOND_ID}:${SECRET}`);
    const stepsAt = async (at: number) => await alice.query(api.history.steps, { at });
    expect(await stepsAt(backAt + 1)).toEqual({ previousAt: backAt, nextAt: null });
    expect(await stepsAt(backAt)).toEqual({ previousAt: silentAt, nextAt: null });
    expect(await stepsAt(silentAt)).toEqual({ previousAt: onlineAt, nextAt: backAt });
    expect(await stepsAt(onlineAt)).toEqual({ previousAt: null, nextAt: silentAt });
    expect(await bob.query(api.history.steps, { at: backAt })).toEqual({
      previousAt: null,
      nextAt: null,
    });
  });

  test("has the machines of then: not those that came later, nor those that had left", async () => {
    await pass(t, HOUR, MINUTE);
    await addMachine(alice, { machineId: SECOND_ID, secret: SECRET, name: "web-2" });
    expect(await fleetAt(START + MINUTE)).toMatchObject([{ machineId: MACHINE_ID }]);
    expect(await fleetAt(Date.now())).toHaveLength(2);
    await pass(t, MINUTE);
    await alice.mutation(api.machines.archive, { machineId: MACHINE_ID });
    expect(await fleetAt(Date.now())).toMatchObject([{ machineId: SECOND_ID }]);
    expect(await fleetAt(START + MINUTE)).toMatchObject([{ machineId: MACHINE_ID }]);
  });

  test("has the versions of then", async () => {
    await beat(t, { version: "1.0" });
    await pass(t, MINUTE);
    await beat(t, { version: "1.1" });
    expect(await stateAt(START)).toMatchObject({ version: "1.0" });
    expect(await stateAt(START - 1)).toBeUndefined();
    expect(await stateAt(Date.now())).toMatchObject({ version: "1.1" });
  });

  test("does not pretend to know what was while the monitor was away", async () => {
    await beat(t);
    await pass(t, MINUTE);
    vi.setSystemTime(Date.now() + HOUR);
    await pass(t, MINUTE);
    expect(await stateAt(START + 30 * MINUTE)).toMatchObject({ condition: "unknown" });
  });

  test("comes in pages", async () => {
    await addMachine(alice, { machineId: SECOND_ID, secret: SECRET, name: "web-2" });
    expect(await fleetAt(Date.now(), alice, 1)).toHaveLength(1);
  });

  test("is nobody else's", async () => {
    expect(await fleetAt(Date.now(), await signIn(t, "bob"))).toEqual([]);
  });
});

describe("the timeline of a machine", () => {
  test("has its conditions, its incidents and our own outages", async () => {
    await beat(t);
    await pass(t, 10 * MINUTE, 10_000);
    await post(t, "goodbye", { body: { reason: "upgrade" } });
    const awayFrom = Date.now();
    vi.setSystemTime(awayFrom + HOUR);
    await pass(t, MINUTE, 10_000);
    const { segments, incidents, outages } = await alice.query(api.history.timeline, {
      machineId: MACHINE_ID,
      from: START - HOUR,
      to: Date.now(),
    });
    expect(segments.map(({ condition }) => condition)).toEqual([
      "waiting",
      "up",
      "down",
      "unknown",
      "stopped",
    ]);
    expect(segments[2]).toMatchObject({ from: START + 2 * MINUTE });
    expect(incidents).toMatchObject([{ openedAt: START + 2 * MINUTE, reason: "silence" }]);
    expect(outages).toHaveLength(1);
    const listed = await alice.query(api.history.outages, { from: awayFrom, to: Date.now() });
    expect(listed).toEqual(outages);
  });

  test("a stretch of time that is none is refused", async () => {
    const args = { machineId: MACHINE_ID, from: START, to: START };
    await expect(alice.query(api.history.timeline, args)).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
  });
});

describe("the neighbours of an incident", () => {
  const THIRD_ID = "p".repeat(21);

  test("are the machines that were silent when it began", async () => {
    for (const machineId of [SECOND_ID, THIRD_ID]) {
      await addMachine(alice, { machineId, secret: SECRET, name: machineId.slice(0, 3) });
    }
    await beat(t, {}, `${THIRD_ID}:${SECRET}`);
    await pass(t, 30 * MINUTE, 10_000);
    await beat(t, {}, `${THIRD_ID}:${SECRET}`);
    await beat(t);
    await beat(t, {}, `${SECOND_ID}:${SECRET}`);
    for (let minute = 0; minute < 20; minute++) {
      await pass(t, MINUTE, 10_000);
      await beat(t, {}, `${THIRD_ID}:${SECRET}`);
    }
    const incidents = await t.run(async (ctx) => await ctx.db.query("incidents").take(10));
    const own = incidents.find(({ machineId }) => machineId === MACHINE_ID)!;
    const args = { incidentId: own._id };
    // The third was silent once, but long before.
    expect(await alice.query(api.history.neighbours, args)).toMatchObject([
      { machineId: SECOND_ID, machineName: "ooo", openedAt: own.openedAt },
    ]);
    expect(await (await signIn(t, "bob")).query(api.history.neighbours, args)).toBeNull();
  });
});

describe("what another threshold would have meant", () => {
  const ask = async (thresholdMs: number) =>
    await alice.query(api.history.whatIf, { machineId: MACHINE_ID, thresholdMs });

  /** Beats, then nothing for so long. */
  async function beatThen(silenceMs: number): Promise<void> {
    await beat(t);
    vi.setSystemTime(Date.now() + silenceMs);
  }

  test("counts the silences that would have alerted, and those that were over within a minute", async () => {
    await rollUp();
    for (const seconds of [30, 30, 100, 30, 100, 240, 30]) await beatThen(seconds * 1_000);
    vi.setSystemTime(START + 30 * MINUTE);
    await rollUp();
    expect(await ask(90_000)).toMatchObject({
      days: 1,
      asked: { thresholdMs: 90_000, alerts: 3, underAMinute: 2 },
      current: { thresholdMs: 120_000, alerts: 1, underAMinute: 0 },
      shortestMs: 45_000,
    });
    expect(await ask(5 * MINUTE)).toMatchObject({ asked: { alerts: 0 } });
  });

  test("hours and days remember them too, each once", async () => {
    await rollUp();
    for (let day = 0; day < 3; day++) {
      vi.setSystemTime(START + day * DAY + MINUTE);
      await beatThen(100_000);
      await beat(t);
      vi.setSystemTime(START + day * DAY + 2 * HOUR);
      await rollUp();
    }
    const { asked } = await ask(90_000);
    // The two nights are silences as well.
    expect(asked).toMatchObject({ alerts: 5, underAMinute: 3 });
  });

  test("S0.8 planned stops and our own outages would not have alerted", async () => {
    await rollUp();
    await beat(t);
    await post(t, "goodbye", { body: { reason: "reboot" } });
    await beatThen(0);
    vi.setSystemTime(START + 10 * MINUTE);
    await beat(t);
    await post(t, "goodbye", { body: { reason: "reboot" } });
    vi.setSystemTime(START + 20 * MINUTE);
    await beat(t);
    vi.setSystemTime(START + 40 * MINUTE);
    await rollUp();
    expect((await ask(MINUTE)).asked.alerts).toBe(1);
  });

  test("a buffer sent later does not hide the silence that it filled", async () => {
    await rollUp();
    await beat(t);
    vi.setSystemTime(START + 4 * MINUTE);
    const heartbeats = [1, 2, 3].map((minute) => ({ timestamp: START + minute * MINUTE }));
    await beat(t, { heartbeats: [...heartbeats, {}] });
    vi.setSystemTime(START + 10 * MINUTE);
    await rollUp();
    expect((await ask(3 * MINUTE)).asked.alerts).toBe(1);
  });
});

test("the roll-out of a version is told by its changes", async () => {
  await addMachine(alice, { machineId: SECOND_ID, secret: SECRET, name: "web-2" });
  const second = `${SECOND_ID}:${SECRET}`;
  await beat(t, { version: "1.0" });
  await beat(t, { version: "1.0" }, second);
  await post(t, "register", { body: { hostname: "web-1", version: "1.0" } });
  await pass(t, HOUR, MINUTE);
  await post(t, "register", { body: { hostname: "web-1", version: "2.0" } });
  const args = { from: START - 1, to: START + 2 * HOUR - 1 };
  expect(await alice.query(api.versions.changes, args)).toEqual({
    isTruncated: false,
    changes: [
      { at: START + MINUTE, from: null, to: "1.0", machines: 2 },
      { at: START + HOUR + MINUTE, from: "1.0", to: "2.0", machines: 1 },
    ],
  });
  const bob = await signIn(t, "bob");
  expect(await bob.query(api.versions.changes, args)).toEqual({ isTruncated: false, changes: [] });
});
