import { expect, test, vi } from "vitest";
import { api, components, internal } from "../../convex/_generated/api.js";
import * as RateLimits from "../../convex/model/rateLimits.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  pass,
  signIn,
  START,
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
