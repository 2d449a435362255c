/**
 * The server dies at each step between a flip and the record of its delivery: afterwards there is one decision, at
 * least one delivery, and one id for all copies. test/crash/notifier.test.ts does the same to a real process.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api.js";
import type { Doc } from "../../convex/_generated/dataModel.js";
import { outboundFetch } from "../../convex/notifiers/outboundFetch.ts";
import { requestsFor } from "../../convex/notifiers/registry.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  incidentsOf,
  pass,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let t: Backend;
let alice: Person;
let receiver: Receiver;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  alice = await aliceWithMachine(t);
  await addChannel(alice, { url: receiver.url });
});

afterEach(() => receiver.close());

/** Up to which step the server came. */
type Step = "decided" | "leased" | "sent" | "recorded";
const steps: Step[] = ["decided", "leased", "sent", "recorded"];

/** Everything that was planned or under way is lost. */
async function crash(downMs: number): Promise<void> {
  await t.run(async (ctx) => {
    for (const job of await ctx.db.system.query("_scheduled_functions").take(1_000)) {
      if (job.state.kind === "pending") await ctx.scheduler.cancel(job._id);
    }
  });
  vi.setSystemTime(Date.now() + downMs);
}

/** The server is there again, with its crons. */
async function live(durationMs: number, { isBeating }: { isBeating: boolean }): Promise<void> {
  for (let left = durationMs; left > 0; left -= 30 * SECOND) {
    if (isBeating) await beat(t);
    await t.mutation(internal.jobs.sweep.watch, {});
    await t.mutation(internal.jobs.notify.dispatch, {});
    await pass(t, 30 * SECOND, 10 * SECOND);
  }
}

/** The machine's deadline passes and a sweep finds it, with none of what that schedules. */
async function sweepOnce(): Promise<void> {
  const chain = await t.run(async (ctx) => (await ctx.db.query("sweeps").first())!.chain);
  await t.mutation(internal.jobs.sweep.run, { chain });
}

const deliveryOf = async (event: string): Promise<Doc<"deliveries">> =>
  await t.run(async (ctx) => {
    const rows = await ctx.db.query("deliveries").take(10);
    return rows.find((row) => row.event === event)!;
  });

/** Goes on from the decision, by hand, as far as it is to come. */
async function advance(event: string, until: Step): Promise<void> {
  if (until === "decided") return;
  await t.mutation(internal.jobs.notify.dispatch, {});
  const { _id: deliveryId, attempts: attempt } = await deliveryOf(event);
  if (until === "leased") return;
  const wanted = (await t.query(internal.jobs.notify.forAttempt, { deliveryId, attempt }))!;
  const [request] = await requestsFor(wanted, wanted.message, Date.now());
  if (request?.transport !== "http") throw new Error("that is no HTTP request");
  const outcome = await outboundFetch(request);
  if (until === "sent") return;
  await t.mutation(internal.jobs.notify.settle, { deliveryId, attempt, outcome });
}

async function fallSilent(): Promise<void> {
  await beat(t);
  await pass(t, 2 * MINUTE - 5 * SECOND, 5 * SECOND);
  vi.setSystemTime(Date.now() + 6 * SECOND);
  await sweepOnce();
}

async function expectOnce(event: string): Promise<void> {
  const notices = await t.run(async (ctx) => await ctx.db.query("notices").take(20));
  expect(notices.filter((notice) => notice.event === event)).toHaveLength(1);
  expect(await deliveryOf(event)).toMatchObject({ state: "delivered" });
  const copies = receiver.received.filter(({ body }) => body.includes(`"${event}"`));
  expect(copies.length).toBeGreaterThan(0);
  expect(new Set(copies.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(copies.map(({ body }) => body)).size).toBe(1);
}

describe.each([0, 10 * MINUTE])("S1.3 a server that dies, and is back after %d ms,", (downMs) => {
  test.each(steps)("with the alarm %s, tells it once", async (step) => {
    await fallSilent();
    await advance("machine.offline", step);
    await crash(downMs);
    await live(3 * MINUTE, { isBeating: false });
    expect(await incidentsOf(alice)).toHaveLength(1);
    await expectOnce("machine.offline");
  });

  test.each(steps)("with the recovery %s, tells it once", async (step) => {
    await fallSilent();
    await advance("machine.offline", "recorded");
    await beat(t);
    await advance("machine.online", step);
    await crash(downMs);
    await live(3 * MINUTE, { isBeating: true });
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: expect.any(Number) as number }]);
    await expectOnce("machine.offline");
    await expectOnce("machine.online");
  });

  test("before the sweep, finds the machine silent once it has had time to come back", async () => {
    await beat(t);
    await pass(t, 2 * MINUTE - 5 * SECOND, 5 * SECOND);
    await crash(downMs);
    await live(5 * MINUTE, { isBeating: false });
    await expectOnce("machine.offline");
  });
});
