/**
 * The promise itself, over random histories: at most one alarm and one recovery per incident and channel, none lost,
 * never the recovery before the alarm; whatever machines, receivers and the server itself do meanwhile.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import { addFleet, beatAll, idOf, upTo } from "./fleet.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import { pass, post, signIn, startBackend, type Backend, type Person } from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MACHINES = 3;

let t: Backend;
let alice: Person;
let receiver: Receiver;
let channels: Id<"channels">[];

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await receiver.close();
});

/** What may happen, one after the other. */
type Step =
  | { kind: "time"; seconds: number }
  | { kind: "beat"; machines: number[] }
  | { kind: "goodbye"; machine: number; backInSeconds: number | undefined }
  | { kind: "answers"; statuses: number[] }
  /** The server dies with its senders: leases stay, what they had sent nobody knows; timers start anew. */
  | { kind: "crash"; downSeconds: number };

const machines = fc.subarray(upTo(MACHINES), { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      seconds: fc.integer({ min: 1, max: 200 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("beat" as const), machines }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("goodbye" as const),
      machine: fc.integer({ min: 0, max: MACHINES - 1 }),
      backInSeconds: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("answers" as const),
      statuses: fc.array(fc.constantFrom(200, 500, 503, 429, 404), { maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      downSeconds: fc.integer({ min: 0, max: 900 }),
    }),
  },
);

async function start(): Promise<void> {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver.received.length = 0;
  receiver.answers.length = 0;
  alice = await signIn(t, "alice");
  await addFleet(alice, MACHINES);
  channels = [];
  for (const groupWindowMs of [0, 20 * SECOND]) {
    const config = { url: `${receiver.url}${groupWindowMs}` };
    const args = { kind: "webhook" as const, name: "Ops", config, preferences: { groupWindowMs } };
    channels.push((await alice.mutation(api.channels.create, args)).channelId);
  }
}

async function happen(event: Step): Promise<void> {
  switch (event.kind) {
    case "time":
      await pass(t, event.seconds * SECOND, 10 * SECOND);
      return;
    case "beat":
      await beatAll(t, event.machines);
      return;
    case "goodbye": {
      const { machine, backInSeconds } = event;
      const expectedBackInMs = backInSeconds === undefined ? undefined : backInSeconds * SECOND;
      const body = { reason: "reboot", ...(expectedBackInMs && { expectedBackInMs }) };
      await post(t, "goodbye", {
        token: `${idOf(machine)}:web1web1web1web1web1web1web1web1`,
        body,
      });
      return;
    }
    case "answers":
      receiver.answers.push(...event.statuses.map((status) => ({ status })));
      return;
    case "crash":
      await crash(event.downSeconds);
      return;
    default:
      event satisfies never;
  }
}

/** Everything in flight or planned is lost but what is in the database; the crons begin anew. */
async function crash(downSeconds: number): Promise<void> {
  await t.run(async (ctx) => {
    for (const job of await ctx.db.system.query("_scheduled_functions").take(1_000)) {
      if (job.state.kind === "pending") await ctx.scheduler.cancel(job._id);
    }
  });
  vi.setSystemTime(Date.now() + downSeconds * SECOND);
  await t.mutation(internal.jobs.sweep.watch, {});
  await t.mutation(internal.jobs.notify.dispatch, {});
}

/** Lets everything come to its end: receivers answer, machines stay as they are. */
async function settleDown(): Promise<void> {
  receiver.answers.length = 0;
  for (let round = 0; round < 24; round++) {
    await t.mutation(internal.jobs.sweep.watch, {});
    await pass(t, 5 * MINUTE, MINUTE);
    await t.mutation(internal.jobs.notify.dispatch, {});
  }
}

interface Decision {
  incidentId: string;
  channelId: string;
  event: string;
  state: string;
  finishedAt: number;
}

async function decisions(): Promise<Decision[]> {
  return await t.run(async (ctx) => {
    const notices = await ctx.db.query("notices").take(2_000);
    return await Promise.all(
      notices
        .filter(({ isSuppressed }) => !isSuppressed)
        .map(async ({ incidentId = "", channelId, event, deliveryId }) => {
          const delivery = (await ctx.db.get("deliveries", deliveryId))!;
          const { state, finishedAt = Infinity } = delivery;
          return { incidentId, channelId, event, state, finishedAt };
        }),
    );
  });
}

async function checkPromise(): Promise<void> {
  const told = await decisions();
  const incidents = await t.run(async (ctx) => await ctx.db.query("incidents").take(1_000));
  for (const incident of incidents) {
    for (const channelId of channels) {
      const of = (...events: string[]) =>
        told.filter(
          (decision) =>
            decision.incidentId === incident._id &&
            decision.channelId === channelId &&
            events.includes(decision.event),
        );
      const alarms = of("machine.offline", "machine.flapping");
      const recoveries = of("machine.online");
      expect(alarms.filter(({ event }) => event === "machine.offline").length).toBeLessThan(2);
      expect(alarms.length).toBeGreaterThan(0);
      const isOver = incident.closedAt !== undefined;
      expect(recoveries).toHaveLength(isOver ? 1 : 0);
      for (const { state } of [...alarms, ...recoveries]) {
        // A receiver that says 404 to a webhook may change its mind; only 410 and a day of failures end in "failed".
        expect(state).toBe("delivered");
      }
      for (const recovery of recoveries) {
        expect(Math.max(...alarms.map(({ finishedAt }) => finishedAt))).toBeLessThanOrEqual(
          recovery.finishedAt,
        );
      }
    }
  }
  expect(told.every(({ incidentId }) => incidents.some(({ _id }) => _id === incidentId))).toBe(
    true,
  );
}

/** As received: one body per idempotency key, however often it came. */
function checkReceived(): void {
  const bodies = new Map<string, Set<string>>();
  for (const { headers, body } of receiver.received) {
    const id = String(headers["webhook-id"]);
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  }
  expect([...bodies.values()].every((variants) => variants.size === 1)).toBe(true);
}

describe("S1.3 whatever happens", () => {
  test("each incident is told once to each channel, ends once, and nothing is lost", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (timeline) => {
        await start();
        for (const event of timeline) await happen(event);
        await settleDown();
        await checkPromise();
        checkReceived();
      }),
      { numRuns: 8 },
    );
  }, 240_000);
});

test("200 machines that fall silent at once are one message per channel, and so are their recoveries", async () => {
  const size = 200;
  await start();
  for (let index = MACHINES; index < size; index++) {
    await alice.mutation(api.machines.create, {
      machineId: idOf(index),
      secret: "web1web1web1web1web1web1web1web1",
      name: `m${index}`,
    });
  }
  await beatAll(t, upTo(size));
  await pass(t, 115 * SECOND);
  // From here on in small steps: a sweep goes from batch to batch in milliseconds.
  await pass(t, 40 * SECOND, 500);
  const grouped = () =>
    receiver.received
      .filter(({ url }) => url.endsWith("/hook20000"))
      .map(
        ({ body }) => JSON.parse(body) as { event: string; count?: number; machines: unknown[] },
      );
  expect(grouped()).toMatchObject([
    { event: "machine.offline", count: size, massSilence: { silent: size, watched: size } },
  ]);
  expect(grouped()[0]?.machines).toHaveLength(100);
  await beatAll(t, upTo(size));
  await pass(t, MINUTE);
  expect(grouped().slice(1)).toMatchObject([{ event: "machine.online", count: size }]);
}, 120_000);
