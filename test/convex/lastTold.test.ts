/** However machines come and go: what a channel hears last of each is true, and no message waits for ever. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { addFleet, beatAll, upTo } from "./fleet.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import { pass, signIn, startBackend, type Backend } from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FLEET = 3;
const quietHours = { timeZone: "UTC", fromMinute: 9 * 60, toMinute: 9 * 60 + 30 };

let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.close());

async function start(preferences: object, refusals: number): Promise<Backend> {
  const t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver.received.length = 0;
  receiver.answers.splice(
    0,
    Infinity,
    ...Array<{ status: number }>(refusals).fill({ status: 503 }),
  );
  const alice = await signIn(t, "alice");
  await addFleet(alice, FLEET);
  const hook = { kind: "webhook" as const, name: "Ops", config: { url: receiver.url } };
  await alice.mutation(api.channels.create, { ...hook, preferences });
  return t;
}

/** Those machines beat for so many half minutes. */
async function live(t: Backend, isUp: boolean[], halves: number): Promise<void> {
  for (let half = 0; half < halves; half++) {
    await beatAll(
      t,
      upTo(FLEET).filter((index) => isUp[index]),
    );
    await pass(t, 30 * SECOND, 10 * SECOND);
  }
}

interface Told {
  event: string;
  machine: { name: string };
  machines?: { name: string }[];
}

/** Whether each machine is up by the last message about it. */
function lastTold(): boolean[] {
  const isUp = upTo(FLEET).map(() => true);
  for (const { body } of receiver.received) {
    const { event, machine, machines = [machine] } = JSON.parse(body) as Told;
    for (const { name } of machines) isUp[Number(name.slice(1))] = event === "machine.online";
  }
  return isUp;
}

test("S1.3 the last thing told of each machine is true after any night, and no message waits for ever", async () => {
  const change = fc.record({
    index: fc.integer({ min: 0, max: FLEET - 1 }),
    halves: fc.integer({ min: 1, max: 9 }),
  });
  const plan = fc.record({
    changes: fc.array(change, { minLength: 5, maxLength: 14 }),
    groupWindowMs: fc.constantFrom(0, 20 * SECOND, 5 * MINUTE),
    isQuiet: fc.boolean(),
    refusals: fc.constantFrom(0, 0, 3),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ changes, groupWindowMs, isQuiet, refusals }) => {
      const t = await start({ groupWindowMs, ...(isQuiet && { quietHours }) }, refusals);
      const isUp = upTo(FLEET).map(() => true);
      await live(t, isUp, 1);
      for (const { index, halves } of changes) {
        isUp[index] = isUp[index] !== true;
        await live(t, isUp, halves);
      }
      // The night ends, and what flapped is calm or dead.
      await live(t, isUp, 90);
      const waiting = await t.run(async (ctx) => {
        const rows = await ctx.db.query("deliveries").take(500);
        return rows.filter(({ state }) => state === "queued" || state === "leased");
      });
      expect(waiting).toEqual([]);
      // What is sent again may come after what is newer.
      if (refusals === 0) expect(lastTold()).toEqual(isUp);
    }),
    { numRuns: 3 },
  );
}, 120_000);
