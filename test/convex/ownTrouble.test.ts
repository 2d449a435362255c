/** What must page nobody: our own outage, and a clock that jumps, while all machines beat. `FLEET` makes it larger. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { addFleet, beatAll, tokenOf, upTo } from "./fleet.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  pass,
  post,
  signIn,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const FLEET = Number(process.env["FLEET"] ?? 20);

let t: Backend;
let alice: Person;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.close());

async function start(size: number): Promise<void> {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver.received.length = 0;
  alice = await signIn(t, "alice");
  await addFleet(alice, size);
  await addChannel(alice, { url: receiver.url });
}

/** All beat, every half minute, while the monitor works. */
async function live(size: number, durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 30 * SECOND) {
    await beatAll(t, upTo(size));
    await t.mutation(internal.jobs.sweep.watch, {});
    await pass(t, Math.min(left, 30 * SECOND), 10 * SECOND);
  }
}

async function expectNobodyPaged(size: number): Promise<void> {
  expect(receiver.received).toEqual([]);
  expect(await alice.query(api.machines.counts, {})).toMatchObject({ active: size, total: size });
  const incidents = await t.run(async (ctx) => await ctx.db.query("incidents").first());
  expect(incidents).toBeNull();
}

describe(`with ${FLEET} machines that go on beating`, () => {
  test("ten minutes of our own outage are nobody's: zero messages", async () => {
    await start(FLEET);
    await live(FLEET, MINUTE);
    vi.setSystemTime(Date.now() + 10 * MINUTE);
    // Back, but nothing has come through yet: the first sweep runs before the first heartbeat.
    await t.mutation(internal.jobs.sweep.watch, {});
    await pass(t, 20 * SECOND, 10 * SECOND);
    await live(FLEET, 3 * MINUTE);
    await expectNobodyPaged(FLEET);
  }, 600_000);
});

test("a clock that jumps by up to an hour, any way and any time, flips nobody who beats", async () => {
  const step = fc.record({
    liveSeconds: fc.integer({ min: 5, max: 150 }),
    jumpMs: fc.oneof(fc.constantFrom(HOUR, -HOUR), fc.integer({ min: -HOUR, max: HOUR })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (history) => {
      await start(2);
      await live(2, MINUTE);
      for (const { liveSeconds, jumpMs } of history) {
        vi.setSystemTime(Date.now() + jumpMs);
        await live(2, liveSeconds * SECOND);
      }
      await live(2, 3 * MINUTE);
      await expectNobodyPaged(2);
    }),
    { numRuns: 6 },
  );
}, 240_000);

test("S1.3 a clock that was a day ahead and is right again holds up no alarm", async () => {
  await start(1);
  await live(1, MINUTE);
  vi.setSystemTime(Date.now() + 24 * HOUR);
  await live(1, 2 * MINUTE);
  await pass(t, 3 * MINUTE, 10 * SECOND);
  await live(1, MINUTE);
  const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as Told).event);
  expect(told()).toEqual(["machine.offline", "machine.online"]);
  vi.setSystemTime(Date.now() - 24 * HOUR);
  await live(1, MINUTE);
  await pass(t, 4 * MINUTE, 10 * SECOND);
  expect(told()).toEqual(["machine.offline", "machine.online", "machine.offline"]);
  const [incident] = await alice.query(api.incidents.open, {});
  expect(Date.now() - (incident?.openedAt ?? 0)).toBeLessThan(3 * MINUTE);
});

test("a goodbye that names its return pages only when the machine is not back by then", async () => {
  const stay = fc.record({
    expectedBackSeconds: fc.integer({ min: 30, max: 600 }),
    awaySeconds: fc.integer({ min: 10, max: 900 }),
  });
  await fc.assert(
    fc.asyncProperty(stay, async ({ expectedBackSeconds, awaySeconds }) => {
      await start(1);
      await live(1, 30 * SECOND);
      const leftAt = Date.now();
      const body = { reason: "upgrade", expectedBackInMs: expectedBackSeconds * SECOND };
      await post(t, "goodbye", { token: tokenOf(0), body });
      await pass(t, awaySeconds * SECOND, 5 * SECOND);
      const incidents = await t.run(async (ctx) => await ctx.db.query("incidents").take(3));
      const dueAt = leftAt + expectedBackSeconds * SECOND;
      if (awaySeconds < expectedBackSeconds) expect(incidents).toEqual([]);
      // Between the moment and the next look at it either may be.
      if (awaySeconds > expectedBackSeconds + 15) {
        expect(incidents).toMatchObject([{ openedAt: dueAt, reason: "upgrade" }]);
      }
      const alarms = incidents.length;
      await live(1, MINUTE);
      const told = receiver.received.map(({ body: text }) => (JSON.parse(text) as Told).event);
      const expected = alarms === 0 ? [] : ["machine.offline", "machine.online"];
      expect(told).toEqual(expected);
    }),
    { numRuns: 6 },
  );
}, 120_000);

interface Told {
  event: string;
}
