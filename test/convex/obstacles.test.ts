import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { addFleet, beatAll, idOf } from "./fleet.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  deliveriesOf,
  incidentsOf,
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

let t: Backend;
let alice: Person;
let receiver: Receiver;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  alice = await signIn(t, "alice");
  await addChannel(alice, { url: receiver.url });
});

afterEach(async () => {
  await receiver.close();
});

const told = () =>
  receiver.received.flatMap(({ body }) => {
    const { event, machine, machines } = JSON.parse(body) as {
      event: string;
      machine: { name: string };
      machines?: { name: string }[];
    };
    return (machines ?? [machine]).map(({ name }) => `${event.replace("machine.", "")} ${name}`);
  });

async function beatFor(indexes: number[], durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 30 * SECOND) {
    await beatAll(t, indexes);
    await pass(t, Math.min(left, 30 * SECOND), 10 * SECOND);
  }
}

const once = (minutes: number) =>
  ({ kind: "once", startsAt: START, endsAt: START + minutes * MINUTE }) as const;

describe("a maintenance window", () => {
  beforeEach(async () => {
    await addFleet(alice, 2);
    await alice.mutation(api.machines.update, { machineId: idOf(0), tags: ["db"] });
  });

  test("keeps its machines from being told, and nobody else's; the log says why", async () => {
    const schedule = once(60);
    await alice.mutation(api.maintenance.create, { name: "Patch night", tags: ["db"], schedule });
    await beatAll(t, [0, 1]);
    await pass(t, 10 * MINUTE, 10 * SECOND);
    expect(told()).toEqual(["offline m1"]);
    expect(await deliveriesOf(alice)).toContainEqual(
      expect.objectContaining({
        state: "suppressed",
        machineName: "m0",
        suppressedBy: { kind: "maintenance", window: "Patch night", until: START + HOUR },
      }),
    );
  });

  test("tells at its end what is still away, and its recovery", async () => {
    await alice.mutation(api.maintenance.create, { name: "Patches", schedule: once(30) });
    await beatAll(t, [0, 1]);
    await beatFor([1], 20 * MINUTE);
    expect(told()).toEqual([]);
    await beatFor([1], 12 * MINUTE);
    expect(told()).toEqual(["offline m0"]);
    await beatFor([0, 1], MINUTE);
    expect(told()).toEqual(["offline m0", "online m0"]);
  });

  test("tells nothing of a machine that was away and is back within it", async () => {
    await alice.mutation(api.maintenance.create, { name: "Patches", schedule: once(30) });
    await beatAll(t, [0, 1]);
    await beatFor([1], 10 * MINUTE);
    await beatFor([0, 1], 30 * MINUTE);
    expect(told()).toEqual([]);
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: expect.any(Number) as number }]);
  });

  test("never keeps back a recovery", async () => {
    await beatAll(t, [0, 1]);
    await beatFor([1], 5 * MINUTE);
    expect(told()).toEqual(["offline m0"]);
    await alice.mutation(api.maintenance.create, { name: "Patches", schedule: once(60) });
    await beatFor([0, 1], MINUTE);
    expect(told()).toEqual(["offline m0", "online m0"]);
  });

  test("that is removed lets go of its machines at once", async () => {
    const { windowId } = await alice.mutation(api.maintenance.create, {
      name: "Patches",
      schedule: once(600),
    });
    await beatAll(t, [0, 1]);
    await beatFor([1], 5 * MINUTE);
    await alice.mutation(api.maintenance.remove, { windowId });
    await beatFor([1], MINUTE);
    expect(told()).toEqual(["offline m0"]);
  });

  test("lets go of a machine that loses its tag at once", async () => {
    await alice.mutation(api.maintenance.create, {
      name: "Patches",
      tags: ["db"],
      schedule: once(60),
    });
    await beatAll(t, [0]);
    await pass(t, 4 * MINUTE, 10 * SECOND);
    expect(told()).toEqual([]);
    await alice.mutation(api.machines.update, { machineId: idOf(0), tags: [] });
    await pass(t, MINUTE, 10 * SECOND);
    expect(told()).toEqual(["offline m0"]);
  });

  test("can be moved, and then keeps to its new time", async () => {
    const { windowId } = await alice.mutation(api.maintenance.create, {
      name: "Patches",
      schedule: once(600),
    });
    const schedule = {
      kind: "once",
      startsAt: START + 9 * HOUR,
      endsAt: START + 10 * HOUR,
    } as const;
    await alice.mutation(api.maintenance.update, { windowId, name: "Later", schedule });
    expect(await alice.query(api.maintenance.list, {})).toMatchObject([
      { name: "Later", schedule },
    ]);
    await beatAll(t, [0, 1]);
    await beatFor([1], 5 * MINUTE);
    expect(told()).toEqual(["offline m0"]);
  });

  test("is previewed before it is saved", async () => {
    const schedule = { ...once(60), startsAt: START + HOUR, endsAt: START + 2 * HOUR };
    const args = { tags: ["db"], schedule, at: START };
    expect(await alice.query(api.maintenance.preview, args)).toEqual({
      machines: 1,
      isMore: false,
      nextStart: START + HOUR,
      problem: null,
    });
    const backwards = { kind: "once", startsAt: 2, endsAt: 1 } as const;
    expect(
      await alice.query(api.maintenance.preview, { schedule: backwards, at: START }),
    ).toMatchObject({ problem: expect.stringMatching(/end after/) as string });
  });

  test("names machines by their ids, each once", async () => {
    const schedule = once(30);
    const named = async (machineIds: string[]) =>
      await alice.mutation(api.maintenance.create, { name: "Patches", schedule, machineIds });
    await expect(named(["x".repeat(100_000)])).rejects.toMatchObject({
      data: { kind: "invalid", field: "machineIds" },
    });
    await named([idOf(0), idOf(1), idOf(0)]);
    const [window] = await alice.query(api.maintenance.list, {});
    expect(window?.machineIds).toEqual([idOf(0), idOf(1)]);
  });

  test("that makes no sense is refused", async () => {
    const schedule = { kind: "once", startsAt: 2, endsAt: 1 } as const;
    await expect(
      alice.mutation(api.maintenance.create, { name: "Backwards", schedule }),
    ).rejects.toMatchObject({ data: { kind: "invalid", field: "schedule" } });
  });
});

describe("a machine behind another", () => {
  beforeEach(async () => {
    await addFleet(alice, 3);
    for (const child of [1, 2]) {
      const args = { machineId: idOf(child), parentMachineId: idOf(0) };
      await alice.mutation(api.dependencies.set, args);
    }
  });

  test("is noted and not told while that one is down", async () => {
    await beatAll(t, [1, 2]);
    await pass(t, 10 * SECOND);
    await beatAll(t, [0]);
    await pass(t, 6 * MINUTE, 5 * SECOND);
    expect(told()).toEqual(["offline m0"]);
    expect(await incidentsOf(alice)).toHaveLength(3);
    expect(await deliveriesOf(alice)).toContainEqual(
      expect.objectContaining({
        state: "suppressed",
        count: 2,
        suppressedBy: { kind: "parentDown", parent: "m0" },
      }),
    );
  });

  test("has its own time to come back when that one is back", async () => {
    await beatAll(t, [0, 1, 2]);
    await pass(t, 6 * MINUTE, 5 * SECOND);
    await beatFor([0], 30 * SECOND);
    await beatFor([0, 1], 6 * MINUTE);
    expect(told()).toEqual(["offline m0", "online m0", "offline m2"]);
  });

  test("is told when that one only was late", async () => {
    await beatAll(t, [0, 1, 2]);
    await pass(t, 100 * SECOND, 5 * SECOND);
    await beatAll(t, [2]);
    await pass(t, 15 * SECOND, 5 * SECOND);
    await beatFor([0, 2], 5 * MINUTE);
    expect(told()).toEqual(["offline m1"]);
  });

  test("is told where that one beats", async () => {
    await beatAll(t, [0, 1, 2]);
    await beatFor([0, 2], 3 * MINUTE);
    expect(told()).toEqual(["offline m1"]);
  });

  test("is shown with it, and can be freed", async () => {
    const of = async (index: number) =>
      await alice.query(api.dependencies.of, { machineId: idOf(index) });
    expect(await of(1)).toEqual({ parent: { machineId: idOf(0), name: "m0" }, children: [] });
    expect((await of(0))?.children.map(({ name }) => name)).toEqual(["m1", "m2"]);
    await alice.mutation(api.dependencies.set, { machineId: idOf(1), parentMachineId: null });
    expect((await of(1))?.parent).toBeNull();
  });

  test.each([
    [0, 0],
    [0, 1],
  ])("cannot be behind itself (%i behind %i)", async (child, parent) => {
    const args = { machineId: idOf(child), parentMachineId: idOf(parent) };
    await expect(alice.mutation(api.dependencies.set, args)).rejects.toMatchObject({
      data: { kind: "invalid", field: "parentMachineId" },
    });
  });
});
