import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Preferences } from "../../convex/validators.ts";
import { addFleet, beatAll, idOf, tokenOf, upTo } from "./fleet.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  beat,
  deliveriesOf,
  firstPage,
  incidentsOf,
  MACHINE_ID,
  pass,
  post,
  settle,
  signIn,
  START,
  startBackend,
  addMachine,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let t: Backend;
let alice: Person;
let receiver: Receiver;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  alice = await signIn(t, "alice");
});

afterEach(async () => {
  await receiver.close();
});

async function addHook(preferences: Preferences = {}, path = "") {
  const config = { url: `${receiver.url}${path}` };
  const args = { kind: "webhook" as const, name: `Ops${path}`, config, preferences };
  return (await alice.mutation(api.channels.create, args)).channelId;
}

interface Body {
  event: string;
  machine: { name: string };
  count?: number;
  machines?: { name: string }[];
  massSilence?: { silent: number; watched: number };
}

const bodies = (path = "") =>
  receiver.received
    .filter(({ url }) => url === `/hook${path}`)
    .map(({ body }) => JSON.parse(body) as Body);
const events = (path = "") => bodies(path).map(({ event }) => event);

const openIncident = async () => (await alice.query(api.incidents.open, {}))[0]!;

describe("machines that fall silent together", () => {
  test("are one message that names them, and so are their recoveries", async () => {
    await addFleet(alice, 20);
    await addHook();
    await beatAll(t, upTo(20));
    await pass(t, 3 * MINUTE);
    expect(bodies()).toMatchObject([
      { event: "machine.offline", count: 20, massSilence: { silent: 20, watched: 20 } },
    ]);
    expect(
      bodies()[0]
        ?.machines?.map(({ name }) => name)
        .sort(),
    ).toEqual(
      upTo(20)
        .map((index) => `m${index}`)
        .sort(),
    );
    await beatAll(t, upTo(20));
    await pass(t, MINUTE);
    expect(bodies()).toMatchObject([{}, { event: "machine.online", count: 20 }]);
    expect(bodies()).toHaveLength(2);
  });

  test("within the window after the first are told with it", async () => {
    await addFleet(alice, 3);
    await addHook();
    await beatAll(t, [0]);
    await pass(t, 10 * SECOND);
    await beatAll(t, [1]);
    await pass(t, 100 * SECOND);
    await beatAll(t, [2]);
    await pass(t, MINUTE);
    expect(bodies()).toMatchObject([{ event: "machine.offline", count: 2 }]);
  });

  test("need not wait where all others beat", async () => {
    await addFleet(alice, 2);
    await addHook();
    await beatAll(t, [0, 1]);
    for (let round = 0; round < 4; round++) {
      await pass(t, 30 * SECOND, 10 * SECOND);
      await beatAll(t, [1]);
    }
    await pass(t, 12 * SECOND, SECOND);
    expect(bodies()).toEqual([expect.objectContaining({ event: "machine.offline" })]);
    expect(bodies()[0]).not.toHaveProperty("machines");
  });

  test("come no faster than one message per window", async () => {
    await addFleet(alice, 2);
    await addHook({ groupWindowMs: 60 * SECOND });
    await beatAll(t, [0]);
    await pass(t, 20 * SECOND);
    await beatAll(t, [1]);
    await pass(t, 112 * SECOND, SECOND);
    await beatAll(t, [1]);
    expect(events()).toEqual([]);
    await pass(t, 3 * MINUTE, SECOND);
    expect(bodies()).toMatchObject([{ machine: { name: "m0" } }, { machine: { name: "m1" } }]);
  });

  test("are not held up by a recovery that waits for others", async () => {
    await addFleet(alice, 2);
    await addHook({ groupWindowMs: 10 * MINUTE });
    await beatAll(t, [0, 1]);
    await pass(t, 15 * MINUTE, 10 * SECOND);
    expect(bodies()).toMatchObject([{ event: "machine.offline", count: 2 }]);
    await beatAll(t, [0]);
    await pass(t, MINUTE, 10 * SECOND);
    expect(events()).toEqual(["machine.offline"]);
    await pass(t, 2 * MINUTE, 10 * SECOND);
    expect(events()).toEqual(["machine.offline", "machine.online", "machine.offline"]);
  });

  test("fill no channel that asked for other tags", async () => {
    await addFleet(alice, 2);
    await alice.mutation(api.machines.update, { machineId: idOf(0), tags: ["db"] });
    await addHook({ tags: ["db"] });
    await beatAll(t, upTo(2));
    await pass(t, 3 * MINUTE);
    expect(bodies()).toMatchObject([{ machine: { name: "m0" } }]);
    expect(bodies()).toHaveLength(1);
  });
});

describe("an incident", () => {
  beforeEach(async () => {
    await addMachine(alice);
  });

  test("is repeated until it is acknowledged, and its end is told", async () => {
    await addHook({ repeatEveryMs: 10 * MINUTE });
    await beat(t);
    await pass(t, 25 * MINUTE, 10 * SECOND);
    expect(events()).toEqual(["machine.offline", "machine.reminder", "machine.reminder"]);
    const { incidentId } = await openIncident();
    await alice.mutation(api.incidents.acknowledge, { incidentId });
    await pass(t, HOUR, 30 * SECOND);
    expect(events()).toHaveLength(3);
    await beat(t);
    await pass(t, MINUTE);
    expect(events().at(-1)).toBe("machine.online");
  });

  test("reaches further channels when nobody has acknowledged it for a while", async () => {
    await addHook();
    await addHook({ delayMs: 15 * MINUTE }, "/boss");
    await beat(t);
    await pass(t, 10 * MINUTE, 10 * SECOND);
    expect(events("/boss")).toEqual([]);
    await pass(t, 10 * MINUTE, 10 * SECOND);
    expect(events("/boss")).toEqual(["machine.offline"]);
    expect(events()).toEqual(["machine.offline"]);
  });

  test("that is acknowledged reaches nobody else, not even its end", async () => {
    await addHook({ delayMs: 15 * MINUTE }, "/boss");
    await beat(t);
    await pass(t, 5 * MINUTE);
    const { incidentId } = await openIncident();
    await alice.mutation(api.incidents.acknowledge, { incidentId });
    await pass(t, 30 * MINUTE, 30 * SECOND);
    await beat(t);
    await pass(t, MINUTE);
    expect(events("/boss")).toEqual([]);
  });

  test("is acknowledged once: the second person hears who was first", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    const { incidentId } = await openIncident();
    await alice.mutation(api.incidents.acknowledge, { incidentId });
    await expect(alice.mutation(api.incidents.acknowledge, { incidentId })).rejects.toMatchObject({
      data: { kind: "alreadyAcknowledged", by: "alice", message: /by alice/ },
    });
    expect(await openIncident()).toMatchObject({ acknowledgedBy: "alice" });
  });

  test("that is snoozed is silent until then", async () => {
    await addHook({ repeatEveryMs: 10 * MINUTE });
    await beat(t);
    await pass(t, 5 * MINUTE);
    const { incidentId } = await openIncident();
    const durationMs = HOUR;
    await alice.mutation(api.incidents.snooze, { incidentId, durationMs });
    await pass(t, 50 * MINUTE, 30 * SECOND);
    expect(events()).toEqual(["machine.offline"]);
    await pass(t, 12 * MINUTE, 10 * SECOND);
    expect(events()).toEqual(["machine.offline", "machine.reminder"]);
  });

  test("ends every message that opened it, however many reminders stand between", async () => {
    await addHook();
    await beat(t);
    await pass(t, 3 * MINUTE);
    const opened = await t.run(async (ctx) => {
      const [told] = await ctx.db.query("notices").take(1);
      const { _id, _creationTime, ...notice } = told!;
      const delivery = (await ctx.db.get("deliveries", notice.deliveryId))!;
      const { _id: first, _creationTime: _made, ...fields } = delivery;
      const reminder = { ...notice, event: "machine.reminder" as const };
      for (let index = 0; index < 25; index++) await ctx.db.insert("notices", reminder);
      const second = await ctx.db.insert("deliveries", fields);
      await ctx.db.insert("notices", { ...notice, deliveryId: second });
      for (let index = 0; index < 25; index++) await ctx.db.insert("notices", reminder);
      return [first, second];
    });
    await beat(t);
    await settle(t);
    const ended = await t.run(async (ctx) => {
      const [latest] = await ctx.db.query("deliveries").order("desc").take(1);
      return latest?.after;
    });
    expect(ended).toEqual(opened);
  });

  test("shows what every channel was told, however often one is reminded", async () => {
    await addHook({}, "/often");
    await addHook({}, "/once");
    await beat(t);
    await pass(t, 3 * MINUTE);
    await t.run(async (ctx) => {
      const [told] = await ctx.db.query("notices").take(1);
      const { _id, _creationTime, ...notice } = told!;
      for (let reminder = 0; reminder < 210; reminder++) {
        await ctx.db.insert("notices", { ...notice, event: "machine.reminder" });
      }
    });
    const { incidentId } = await openIncident();
    await beat(t);
    await settle(t);
    const told = await alice.query(api.deliveries.ofIncident, { incidentId });
    const endsOf = (name: string) =>
      told.filter(({ channelName }) => channelName === name).map(({ event }) => event);
    expect([endsOf("Ops/often").at(0), endsOf("Ops/often").at(-1)]).toEqual([
      "machine.offline",
      "machine.online",
    ]);
    expect(endsOf("Ops/often")).toHaveLength(25);
    expect(endsOf("Ops/once")).toEqual(["machine.offline", "machine.online"]);
  });

  test("that is over can be neither acknowledged nor snoozed", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    const { incidentId } = await openIncident();
    await beat(t);
    await expect(alice.mutation(api.incidents.acknowledge, { incidentId })).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
    await expect(
      alice.mutation(api.incidents.snooze, { incidentId, durationMs: HOUR }),
    ).rejects.toMatchObject({ data: { kind: "invalid" } });
  });

  test("tells a channel that is off nothing, and the log why", async () => {
    await addHook({ isOff: true });
    await beat(t);
    await pass(t, 3 * MINUTE);
    await beat(t);
    await pass(t, MINUTE);
    expect(events()).toEqual([]);
    expect(await deliveriesOf(alice)).toMatchObject([
      { state: "suppressed", suppressedBy: { kind: "channelOff" }, event: "machine.offline" },
    ]);
  });
});

describe("a machine that comes and goes", () => {
  const flap = async (times: number) => {
    for (let round = 0; round < times; round++) {
      await beat(t);
      await pass(t, 2 * MINUTE + 15 * SECOND);
    }
  };

  beforeEach(async () => {
    await addMachine(alice);
    await addHook({ groupWindowMs: 0 });
  });

  test("becomes one incident that is told once, until it is calm", async () => {
    await flap(9);
    const told = events();
    expect(told.filter((event) => event === "machine.flapping")).toHaveLength(1);
    expect(told.at(-1)).toBe("machine.flapping");
    expect(told.filter((event) => event === "machine.offline")).toHaveLength(5);
    expect(await openIncident()).toMatchObject({ isFlapping: true });
    for (let round = 0; round < 24; round++) {
      await beat(t);
      await pass(t, 30 * SECOND, 10 * SECOND);
    }
    expect(events().at(-1)).toBe("machine.online");
    expect(await alice.query(api.incidents.open, {})).toEqual([]);
  });

  test("and stays away in the end is told as offline", async () => {
    await flap(6);
    expect(events().at(-1)).toBe("machine.flapping");
    await pass(t, 11 * MINUTE, 10 * SECOND);
    expect(events().at(-1)).toBe("machine.offline");
    expect(events().filter((event) => event === "machine.flapping")).toHaveLength(1);
    await beat(t);
    await pass(t, MINUTE);
    expect(events().at(-1)).toBe("machine.online");
    expect(await incidentsOf(alice)).toHaveLength(6);
  });
});

describe("a paused machine", () => {
  test("is tracked, and told when it is resumed and still away", async () => {
    await addMachine(alice);
    await addHook();
    await beat(t);
    await alice.mutation(api.machines.pause, { machineId: MACHINE_ID });
    await pass(t, 10 * MINUTE, 10 * SECOND);
    expect(events()).toEqual([]);
    expect(await deliveriesOf(alice)).toMatchObject([
      { state: "suppressed", suppressedBy: { kind: "paused" } },
    ]);
    await alice.mutation(api.machines.resume, { machineId: MACHINE_ID });
    const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
    expect(page[0]).toMatchObject({ action: "machines.resume", subjectKind: "machines" });
    await pass(t, MINUTE, 10 * SECOND);
    expect(events()).toEqual(["machine.offline"]);
  });
});

describe("quiet hours", () => {
  test("hold messages until they end, and drop none", async () => {
    await addMachine(alice);
    const fromMinute = 8 * 60;
    await addHook({ quietHours: { timeZone: "UTC", fromMinute, toMinute: 10 * 60 } });
    await beat(t);
    await pass(t, 10 * MINUTE, 10 * SECOND);
    await beat(t);
    await pass(t, 5 * SECOND);
    expect(events()).toEqual([]);
    const until = START + HOUR;
    expect(await deliveriesOf(alice)).toMatchObject([
      { event: "machine.online", state: "queued", heldBy: "quietHours" },
      { event: "machine.offline", state: "queued", heldBy: "quietHours", nextAttemptAt: until },
    ]);
    for (let round = 0; round < 110; round++) {
      await beat(t);
      await pass(t, 30 * SECOND, 10 * SECOND);
    }
    expect(events()).toEqual(["machine.offline", "machine.online"]);
  });

  test("gather no reminders: what was held is told once, and repeated from then on", async () => {
    await addMachine(alice);
    const quietHours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 10 * 60 };
    await addHook({ quietHours, repeatEveryMs: 10 * MINUTE });
    await beat(t);
    await pass(t, 62 * MINUTE, 30 * SECOND);
    expect(bodies()).toMatchObject([{ event: "machine.offline" }]);
    await pass(t, 10 * MINUTE, 30 * SECOND);
    expect(events()).toEqual(["machine.offline", "machine.reminder"]);
    expect(bodies()[1]).not.toHaveProperty("count");
  });

  test("let go at once of what they hold when they are taken away, or moved", async () => {
    await addMachine(alice);
    const hours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 10 * 60 };
    const channelId = await addHook({ quietHours: hours });
    await beat(t);
    await pass(t, 5 * MINUTE, 30 * SECOND);
    const preferences = { quietHours: { ...hours, toMinute: 11 * 60 } };
    await alice.mutation(api.channels.update, { channelId, preferences });
    expect(await deliveriesOf(alice)).toMatchObject([{ nextAttemptAt: START + 2 * HOUR }]);
    await alice.mutation(api.channels.update, { channelId, preferences: {} });
    await pass(t, 5 * SECOND, SECOND);
    expect(events()).toEqual(["machine.offline"]);
  });

  test("hold nothing for a channel that is turned off meanwhile; the log says why", async () => {
    await addMachine(alice);
    const quietHours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 10 * 60 };
    const channelId = await addHook({ quietHours });
    await beat(t);
    await pass(t, 5 * MINUTE, 30 * SECOND);
    await alice.mutation(api.channels.update, { channelId, preferences: { isOff: true } });
    await pass(t, HOUR, MINUTE);
    expect(events()).toEqual([]);
    expect(await deliveriesOf(alice)).toMatchObject([
      { state: "suppressed", suppressedBy: { kind: "channelOff" } },
    ]);
    await alice.mutation(api.channels.test, { channelId });
    await pass(t, 5 * SECOND, SECOND);
    expect(events()).toEqual(["test"]);
  });

  test("S1.3 end with what is true: a machine that fell silent again is told so last", async () => {
    await addFleet(alice, 2);
    const quietHours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 10 * 60 };
    await addHook({ quietHours });
    // m0 is away, back, away again; m1 goes away and comes back between.
    await beatAll(t, [0, 1]);
    await pass(t, 3 * MINUTE, 30 * SECOND);
    await beatAll(t, [0, 1]);
    await pass(t, 3 * MINUTE, 30 * SECOND);
    for (let minute = 6; minute < 62; minute++) {
      await beatAll(t, [1]);
      // A step as long as a lease would have what is being sent sent again.
      await pass(t, MINUTE, minute < 59 ? 30 * SECOND : 5 * SECOND);
    }
    const told = bodies().map(({ event, machine, machines }) => [
      event,
      ...(machines ?? [machine]).map(({ name }) => name).sort(),
    ]);
    expect(told).toEqual([
      ["machine.offline", "m0", "m1"],
      ["machine.online", "m0", "m1"],
      ["machine.offline", "m0", "m1"],
      ["machine.online", "m1"],
    ]);
  });

  test("lose nothing of a channel that is off when they end and on again soon after", async () => {
    await addFleet(alice, 2);
    const quietHours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 9 * 60 + 10 };
    const preferences = { quietHours, groupWindowMs: HOUR };
    const channelId = await addHook(preferences);
    const setOff = async (isOff: boolean) =>
      await alice.mutation(api.channels.update, {
        channelId,
        preferences: { ...preferences, isOff },
      });
    const liveWithout = async (index: number, minutes: number) => {
      for (let half = 0; half < 2 * minutes; half++) {
        await beatAll(t, [1 - index]);
        await pass(t, 30 * SECOND, 10 * SECOND);
      }
    };
    await beatAll(t, [0, 1]);
    await liveWithout(0, 4);
    await setOff(true);
    await liveWithout(0, 8);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "suppressed" }]);
    await setOff(false);
    await liveWithout(1, 5);
    expect(bodies()).toMatchObject([{ event: "machine.offline", machine: { name: "m1" } }]);
  });

  test("do not hold tests", async () => {
    const fromMinute = 8 * 60;
    const channelId = await addHook({
      quietHours: { timeZone: "UTC", fromMinute, toMinute: 10 * 60 },
    });
    await alice.mutation(api.channels.test, { channelId });
    await pass(t, 5 * SECOND, SECOND);
    expect(events()).toEqual(["test"]);
  });
});

describe("the late stage", () => {
  test("tells a channel of its own before the alarm, once", async () => {
    await addHook();
    await addHook({ events: ["machine.late"], groupWindowMs: 0 }, "/chat");
    await addMachine(alice);
    await beat(t);
    await pass(t, 40 * SECOND);
    expect(events("/chat")).toEqual([]);
    await pass(t, 20 * SECOND);
    expect(events("/chat")).toEqual(["machine.late"]);
    expect(events()).toEqual([]);
    await pass(t, 2 * MINUTE);
    expect(events()).toEqual(["machine.offline"]);
    expect(events("/chat")).toEqual(["machine.late"]);
  });

  test("that was passed over by a slow sweep does not make the silence begin early", async () => {
    await addMachine(alice, { heartbeatIntervalMs: 10 * SECOND, offlineThresholdMs: 20 * SECOND });
    await addHook({ events: ["machine.late", "machine.offline"] });
    await settle(t);
    await beat(t);
    const seenAt = Date.now();
    vi.stubEnv("MACHINE_HEARTBEAT_CHECK_INTERVAL", "25s");
    await pass(t, MINUTE, SECOND);
    expect(await openIncident()).toMatchObject({ openedAt: seenAt + 20 * SECOND });
  });

  test("watches machines that were there before, and stops when nobody wants it", async () => {
    await addMachine(alice);
    const channelId = await addHook({ events: ["machine.late"], groupWindowMs: 0 }, "/chat");
    await pass(t, SECOND);
    await beat(t);
    await pass(t, MINUTE);
    expect(events("/chat")).toEqual(["machine.late"]);
    await alice.mutation(api.channels.update, { channelId, preferences: {} });
    await beat(t);
    await pass(t, 3 * MINUTE);
    await beat(t);
    await pass(t, MINUTE);
    expect(events("/chat")).toEqual(["machine.late", "machine.offline", "machine.online"]);
  });
});

test("a goodbye that says when to expect it back pages only when it is late", async () => {
  await addFleet(alice, 1);
  await addHook();
  await beatAll(t, [0]);
  const body = { reason: "upgrade", expectedBackInMs: 5 * MINUTE };
  await post(t, "goodbye", { token: tokenOf(0), body });
  await pass(t, 4 * MINUTE);
  expect(events()).toEqual([]);
  await pass(t, 2 * MINUTE);
  expect(events()).toEqual(["machine.offline"]);
});
