import { expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  pass,
  startBackend,
  type Backend,
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
