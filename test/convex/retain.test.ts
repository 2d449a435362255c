import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, components, internal } from "../../convex/_generated/api.js";
import * as Forgetting from "../../convex/model/forgetting.ts";
import * as RateLimits from "../../convex/model/rateLimits.ts";
import {
  addChannel,
  addMachine,
  aliceWithMachine,
  beat,
  deliveriesOf,
  firstPage,
  incidentsOf,
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

const DAY = 24 * 3_600_000;

async function countSamples(t: Backend): Promise<number> {
  return await t.run(async (ctx) => (await ctx.db.query("samples").take(2_000)).length);
}

test("samples are kept for a day", async () => {
  const t = startBackend();
  await aliceWithMachine(t);
  await beat(t);
  vi.setSystemTime(Date.now() + DAY / 2);
  await beat(t);
  vi.setSystemTime(Date.now() + DAY / 2 + 1_000);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await countSamples(t)).toBe(1);
});

test("what does not fit into one batch goes with the next", async () => {
  const t = startBackend();
  await aliceWithMachine(t);
  for (let batch = 0; batch < 6; batch++) await beat(t, { heartbeats: Array(100).fill({}) });
  vi.setSystemTime(Date.now() + 2 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await countSamples(t)).toBe(400);
  await pass(t, 1_000);
  expect(await countSamples(t)).toBe(0);
});

test("S1.3 a machine that comes back after longer than the log reaches is told all the same, once", async () => {
  const t = startBackend();
  const alice = await aliceWithMachine(t);
  await addChannel(alice);
  await beat(t);
  await pass(t, 135_000);
  vi.setSystemTime(Date.now() + 31 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await deliveriesOf(alice)).toEqual([]);
  const [incident] = await alice.query(api.incidents.open, {});
  await t.run(async (ctx) => {
    await ctx.db.patch("incidents", incident!.incidentId, { followUpAt: Date.now() });
  });
  await t.mutation(internal.jobs.followUp.runDue, {});
  expect(await deliveriesOf(alice)).toEqual([]);
  await beat(t);
  expect(await deliveriesOf(alice)).toMatchObject([{ event: "machine.online", count: 1 }]);
});

test("sessions, their tokens and sign-ins that were given up go when they have expired", async () => {
  const t = startBackend();
  const alice = await signIn(t, "alice");
  await t.run(async (ctx) => {
    const [session] = await ctx.db.query("authSessions").take(1);
    const expirationTime = START + 30 * DAY;
    await ctx.db.patch("authSessions", session!._id, { expirationTime });
    await ctx.db.insert("authRefreshTokens", { sessionId: session!._id, expirationTime });
    await ctx.db.insert("authVerifiers", {});
  });
  const kept = async () =>
    await t.run(async (ctx) => {
      const tables = ["authSessions", "authRefreshTokens", "authVerifiers"] as const;
      return await Promise.all(
        tables.map(async (table) => (await ctx.db.query(table).take(9)).length),
      );
    });
  vi.setSystemTime(Date.now() + 29 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await kept()).toEqual([1, 1, 0]);
  expect(await alice.query(api.users.me, {})).not.toBeNull();
  vi.setSystemTime(Date.now() + 2 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await kept()).toEqual([0, 0, 0]);
});

test("invites make room for others a month after they have expired", async () => {
  const t = startBackend();
  const alice = await signIn(t, "alice");
  const invite = { role: "member" as const, lifetimeMs: DAY };
  const create = async (index: number) =>
    await alice.mutation(api.invites.create, { ...invite, token: `${index}`.padEnd(32, "i") });
  for (let index = 0; index < 200; index++) await create(index);
  await expect(create(200)).rejects.toMatchObject({ data: { kind: "limitReached" } });
  vi.setSystemTime(START + 32 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  await create(200);
  expect(await alice.query(api.invites.list, {})).toHaveLength(1);
});

test("a person with more sessions than are listed sees and ends the latest", async () => {
  const t = startBackend();
  const alice = await signIn(t, "alice");
  await t.run(async (ctx) => {
    const [first] = await ctx.db.query("authSessions").take(1);
    const { userId, expirationTime } = first!;
    for (let index = 0; index < 210; index++) {
      await ctx.db.insert("authSessions", { userId, expirationTime: expirationTime + index });
    }
  });
  const [latest] = await alice.query(api.sessions.list, {});
  expect(latest?.expiresAt).toBe(START + 3_650 * DAY + 209);
});

test("rate limits of those who came once are forgotten within a day", async () => {
  const t = startBackend();
  const key = "nobody@example.com";
  const bucket = async () =>
    await t.run(async (ctx) => {
      const args = {
        name: "signIn",
        key,
        config: { kind: "token bucket" as const, rate: 1, period: DAY },
      };
      return await ctx.runQuery(components.rateLimiter.lib.getValue, args);
    });
  await t.run(async (ctx) => await RateLimits.use(ctx as never, "signIn", key));
  expect((await bucket()).ts).toBe(START);
  vi.setSystemTime(START + 2 * DAY);
  await t.mutation(internal.jobs.retain.forgetLimits, {});
  expect((await bucket()).ts).toBe(0);
});

test("the delivery log reaches back thirty days", async () => {
  const t = startBackend();
  const alice = await aliceWithMachine(t);
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  await addChannel(alice, { url: "http://127.0.0.1:9/" });
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
  await beat(t);
  await pass(t, 135_000);
  vi.setSystemTime(Date.now() + 29 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await deliveriesOf(alice)).toHaveLength(1);
  vi.setSystemTime(Date.now() + 2 * DAY);
  await t.mutation(internal.jobs.retain.removeOld, {});
  expect(await deliveriesOf(alice)).toEqual([]);
});

describe("what happened", () => {
  const YEAR = 365 * DAY;
  const HOUR = DAY / 24;
  let t: Backend;
  let alice: Person;

  beforeEach(async () => {
    t = startBackend();
    alice = await aliceWithMachine(t);
  });

  /** All rounds of a night, without the sweep that would notice how long the monitor was away. */
  async function removeAllOld(): Promise<void> {
    for (let round = 0; round < 5; round++) await t.mutation(internal.jobs.retain.removeOld, {});
  }

  async function changesLeft(table: "statusChanges" | "versionChanges"): Promise<number[]> {
    return await t.run(async (ctx) => (await ctx.db.query(table).take(1_000)).map(({ at }) => at));
  }

  async function machineAt(at: number) {
    const { page } = await alice.query(api.history.fleetAt, { at, paginationOpts: firstPage });
    return page[0];
  }

  async function uptimeNow() {
    const until = Date.now();
    const machineId = MACHINE_ID;
    const [bar] = await alice.query(api.uptime.bars, { machineIds: [machineId], until });
    const stretch = { from: until - DAY, to: until };
    const { segments } = await alice.query(api.history.timeline, { machineId, ...stretch });
    return { ...(await alice.query(api.uptime.get, { machineId, until })), bar, segments };
  }

  test("uptime and time travel of a machine that last changed three years ago stay right", async () => {
    await beat(t, { version: "1.0" });
    vi.setSystemTime(START + 3 * YEAR);
    await beat(t, { version: "1.0" });
    await removeAllOld();
    expect(await changesLeft("statusChanges")).toEqual([START]);
    expect(await uptimeNow()).toMatchObject({
      last24Hours: 1,
      last90Days: 1,
      bar: { cells: "u".repeat(48), uptime: 1 },
      segments: [{ condition: "up" }],
    });
    const asEver = { status: "online", since: START, version: "1.0", condition: "up" };
    expect(await machineAt(START + 3 * YEAR - 1)).toMatchObject(asEver);
    expect(await machineAt(START + 1)).toMatchObject(asEver);
    expect(await machineAt(START - 1)).toBeUndefined();
  });

  test("of the changes before the horizon the last one stays, and what was before it is not known", async () => {
    await beat(t, { version: "1.0" });
    vi.setSystemTime(START + HOUR);
    await post(t, "goodbye", { body: { reason: "reboot" } });
    vi.setSystemTime(START + 2 * HOUR);
    await beat(t, { version: "2.0" });
    vi.setSystemTime(START + 3 * YEAR);
    await beat(t, { version: "3.0" });
    await removeAllOld();
    expect(await changesLeft("statusChanges")).toEqual([START + 2 * HOUR]);
    expect(await changesLeft("versionChanges")).toEqual([START + 2 * HOUR, START + 3 * YEAR]);
    const since = START + 2 * HOUR;
    expect(await machineAt(START + 2 * YEAR)).toMatchObject({ since, version: "2.0" });
    expect(await machineAt(since - 1)).toMatchObject({ version: null, condition: "unknown" });
    const stretch = { from: START, to: START + 3 * HOUR };
    const { segments } = await alice.query(api.history.timeline, {
      machineId: MACHINE_ID,
      ...stretch,
    });
    expect(segments.map(({ condition }) => condition)).toEqual(["unknown", "up"]);
    expect((await uptimeNow()).last24Hours).toBe(1);
  });

  test("a machine that waited until now is not taken for one whose past is forgotten", async () => {
    vi.setSystemTime(START + 3 * YEAR);
    await beat(t, { version: "1.0" });
    await removeAllOld();
    expect(await machineAt(START + YEAR)).toMatchObject({ condition: "waiting", version: null });
    await alice.mutation(api.machines.archive, { machineId: MACHINE_ID });
    await alice.mutation(api.machines.restore, { machineId: MACHINE_ID });
    expect(await machineAt(START + YEAR)).toMatchObject({ condition: "waiting" });
  });

  test("more machines than a batch that change no more do not keep the changes of others", async () => {
    await t.run(async (ctx) => {
      const { _id, _creationTime, ...machine } = (await ctx.db.query("machines").first())!;
      const change = { from: "offline", to: "online", reason: "heartbeat" } as const;
      const { workspaceId } = machine;
      for (let index = 0; index < 450; index++) {
        const other = await ctx.db.insert("machines", { ...machine, machineId: `quiet ${index}` });
        const row = { workspaceId, machine: other, ...change };
        await ctx.db.insert("statusChanges", { ...row, at: START });
      }
      for (let at = START; at < START + 100; at++) {
        await ctx.db.insert("statusChanges", { workspaceId, machine: _id, ...change, at });
      }
    });
    vi.setSystemTime(START + 3 * YEAR);
    await t.mutation(internal.jobs.retain.removeOld, {});
    expect(await changesLeft("statusChanges")).toHaveLength(550);
    await pass(t, 200, 20);
    expect(await changesLeft("statusChanges")).toHaveLength(451);
    // Nothing is left to look at, however many changes stay.
    expect(await t.run(async (ctx) => await Forgetting.forgetOld(ctx, Date.now()))).toBe(0);
  });

  test("changes that came in behind the horizon, as by an import, go with the machine's next one", async () => {
    await beat(t);
    await t.run(async (ctx) => {
      const { _id, _creationTime, ...change } = (await ctx.db.query("statusChanges").first())!;
      for (let index = 1; index <= 120; index++) {
        await ctx.db.insert("statusChanges", { ...change, at: START - index });
      }
      const last = (await ctx.db.query("statusChanges").order("desc").first())!;
      const statusChanges = last._creationTime;
      await ctx.db.insert("horizons", { statusChanges, versionChanges: 0 });
    });
    vi.setSystemTime(START + DAY);
    await post(t, "goodbye", { body: { reason: "shutdown" } });
    vi.setSystemTime(START + 3 * YEAR);
    await t.mutation(internal.jobs.retain.removeOld, {});
    await pass(t, 200, 20);
    expect(await changesLeft("statusChanges")).toEqual([START + DAY]);
    expect(await machineAt(START + DAY - 1)).toMatchObject({ condition: "unknown" });
  });

  test("incidents that are over go with their notes, those that are open stay with theirs", async () => {
    await addMachine(alice, { machineId: "o".repeat(21), name: "web-2" });
    await addChannel(alice);
    for (const machineId of [MACHINE_ID, "o".repeat(21)]) {
      await beat(t, undefined, `${machineId}:${SECRET}`);
    }
    await pass(t, 135_000);
    await beat(t);
    const [open, over] = (await incidentsOf(alice)).sort((left) => (left.closedAt ? 1 : -1));
    for (const { incidentId } of [open!, over!]) {
      for (const text of ["looked at it", "no idea"]) {
        await alice.mutation(api.incidentNotes.add, { incidentId, text });
      }
    }
    await alice.mutation(api.incidents.snooze, { incidentId: open!.incidentId, durationMs: DAY });
    vi.setSystemTime(START + 729 * DAY);
    await removeAllOld();
    expect(await incidentsOf(alice)).toHaveLength(2);
    vi.setSystemTime(START + 731 * DAY);
    await removeAllOld();
    const { incidentId } = open!;
    expect(await incidentsOf(alice)).toMatchObject([{ incidentId }]);
    expect(await alice.query(api.incidentNotes.list, { incidentId })).toHaveLength(2);
    const notes = await t.run(async (ctx) => await ctx.db.query("incidentNotes").take(9));
    expect(notes.map((note) => note.incidentId)).toEqual([incidentId, incidentId]);
    const gone = { incidentId: over!.incidentId };
    expect(await alice.query(api.incidents.get, gone)).toBeNull();
    expect(await alice.query(api.incidentNotes.list, gone)).toEqual([]);
    expect(await alice.query(api.history.neighbours, gone)).toBeNull();
    expect(await alice.query(api.history.neighbours, { incidentId })).toEqual([]);
  });

  test("an incident with more notes than fit into a batch goes after the last of them", async () => {
    await beat(t);
    await pass(t, 135_000);
    await beat(t);
    await t.run(async (ctx) => {
      const incident = (await ctx.db.query("incidents").first())!;
      const { _id: userId } = (await ctx.db.query("users").first())!;
      const { _id: incidentId, workspaceId, machine } = incident;
      const note = { workspaceId, machine, incidentId, userId, authorName: "alice", text: "?" };
      for (let index = 0; index < 250; index++) await ctx.db.insert("incidentNotes", note);
    });
    vi.setSystemTime(START + 3 * YEAR);
    await t.mutation(internal.jobs.retain.removeOld, {});
    const left = async () =>
      await t.run(async (ctx) => {
        const notes = await ctx.db.query("incidentNotes").take(300);
        return [(await ctx.db.query("incidents").take(9)).length, notes.length];
      });
    const [incidents, notes] = await left();
    expect(incidents).toBe(1);
    expect(notes).toBeGreaterThan(0);
    await removeAllOld();
    expect(await left()).toEqual([0, 0]);
  });

  test("a span that is set too short leaves what uptime is made of", async () => {
    vi.stubEnv("ROLLCALL_KEEP_HOURLY", "1d");
    await beat(t);
    await pass(t, 135_000);
    const backAt = Date.now();
    await beat(t);
    vi.setSystemTime(START + 90 * DAY);
    await removeAllOld();
    expect(await changesLeft("statusChanges")).toHaveLength(3);
    expect(await incidentsOf(alice)).toHaveLength(1);
    vi.setSystemTime(backAt + 93 * DAY);
    await removeAllOld();
    expect(await changesLeft("statusChanges")).toEqual([backAt]);
    expect(await incidentsOf(alice)).toEqual([]);
  });

  test.each([
    [undefined, 730],
    ["90d", 90],
    ["1d", 30],
  ])("the audit log is kept %s: %i days", async (setting, days) => {
    if (setting !== undefined) vi.stubEnv("ROLLCALL_KEEP_AUDIT", setting);
    const actions = async () => {
      const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
      return page.map(({ action }) => action);
    };
    vi.setSystemTime(START + days * DAY - 1_000);
    await removeAllOld();
    expect(await actions()).toContain("machines.create");
    vi.setSystemTime(START + days * DAY + 1_000);
    await alice.mutation(api.machines.archive, { machineId: MACHINE_ID });
    await removeAllOld();
    expect(await actions()).toEqual(["machines.archive"]);
  });
});
