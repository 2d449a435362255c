import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  incidentsOf,
  listed,
  pass,
  settle,
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
  alice = await aliceWithMachine(t);
});

afterEach(async () => {
  await receiver.close();
});

describe("the monitor's own heartbeat", () => {
  const status = async () => await alice.query(api.monitor.status, {});

  test("goes to an address of people's choice, about once a minute", async () => {
    await alice.mutation(api.monitor.setSelfHeartbeat, { url: receiver.url });
    await pass(t, 5 * MINUTE, 5 * SECOND);
    expect(receiver.received.length).toBeGreaterThanOrEqual(4);
    expect(receiver.received.length).toBeLessThanOrEqual(6);
    const { selfHeartbeat } = await status();
    expect(selfHeartbeat).toMatchObject({ target: new URL(receiver.url).origin, lastError: null });
    expect(Date.now() - (selfHeartbeat?.lastSuccessAt ?? 0)).toBeLessThan(2 * MINUTE);
  });

  test("does not wait for the time of a clock that was ahead", async () => {
    await alice.mutation(api.monitor.setSelfHeartbeat, { url: receiver.url });
    vi.setSystemTime(Date.now() + 24 * 60 * MINUTE);
    await pass(t, MINUTE, 5 * SECOND);
    vi.setSystemTime(Date.now() - 24 * 60 * MINUTE);
    const before = receiver.received.length;
    await pass(t, MINUTE, 5 * SECOND);
    expect(receiver.received.length).toBeGreaterThan(before);
  });

  test("stops with the sweep", async () => {
    await alice.mutation(api.monitor.setSelfHeartbeat, { url: receiver.url });
    await pass(t, 2 * MINUTE, 5 * SECOND);
    const before = receiver.received.length;
    await t.run(async (ctx) => {
      for (const job of await ctx.db.system.query("_scheduled_functions").take(500)) {
        if (job.state.kind === "pending") await ctx.scheduler.cancel(job._id);
      }
    });
    await pass(t, 5 * MINUTE, 5 * SECOND);
    expect(receiver.received).toHaveLength(before);
  });

  test("shows what went wrong, and can be taken away", async () => {
    receiver.answers.push({ status: 500 });
    await alice.mutation(api.monitor.setSelfHeartbeat, { url: receiver.url });
    await pass(t, 20 * SECOND, 5 * SECOND);
    expect((await status()).selfHeartbeat).toMatchObject({ lastError: /500/, lastSuccessAt: null });
    await alice.mutation(api.monitor.setSelfHeartbeat, { url: null });
    expect((await status()).selfHeartbeat).toBeNull();
  });

  test.each(["nonsense", "ftp://example.com/", "http://10.0.0.1/", "http://localhost/"])(
    "is not sent to %s",
    async (url) => {
      vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
      await expect(alice.mutation(api.monitor.setSelfHeartbeat, { url })).rejects.toMatchObject({
        data: { kind: "invalid", field: "url" },
      });
    },
  );
});

describe("reconciliation", () => {
  async function reconcile() {
    await t.mutation(internal.jobs.reconcile.run, {});
    for (let round = 0; round < 8; round++) await pass(t, 100, 100);
    return (await alice.query(api.monitor.repairs, {})).map(({ problem }) => problem);
  }

  test("finds nothing where nothing is wrong, and says when it looked", async () => {
    await beat(t);
    expect(await reconcile()).toEqual([]);
    const { lastReconciledAt } = await alice.query(api.monitor.status, {});
    expect(Date.now() - (lastReconciledAt ?? 0)).toBeLessThan(MINUTE);
  });

  test("an online machine without a deadline gets one, and is found silent", async () => {
    await beat(t);
    await t.run(async (ctx) => {
      const pulse = (await ctx.db.query("pulses").first())!;
      await ctx.db.patch("pulses", pulse._id, { deadlineAt: undefined });
    });
    expect(await reconcile()).toEqual(["it was online without a deadline"]);
    await pass(t, 3 * MINUTE);
    expect((await listed(alice)).reason).toBe("silence");
  });

  test("a pulse that denies its status is put right", async () => {
    await beat(t);
    await t.run(async (ctx) => {
      const pulse = (await ctx.db.query("pulses").first())!;
      await ctx.db.patch("pulses", pulse._id, { isOnline: false });
    });
    expect(await reconcile()).toEqual(["its pulse and its status disagreed"]);
  });

  test("missing rows are made", async () => {
    await beat(t);
    await t.run(async (ctx) => {
      await ctx.db.delete("statuses", (await ctx.db.query("statuses").first())!._id);
    });
    expect(await reconcile()).toContain("it had no status");
    await beat(t);
    expect(await listed(alice)).toMatchObject({ reason: "waiting" });
    await reconcile();
    await t.run(async (ctx) => {
      await ctx.db.delete("pulses", (await ctx.db.query("pulses").first())!._id);
    });
    expect(await reconcile()).toContain("it had no pulse");
  });

  test("an incident that nobody has ends, and one that is over is let go", async () => {
    await beat(t);
    await pass(t, 3 * MINUTE);
    await t.run(async (ctx) => {
      const status = (await ctx.db.query("statuses").first())!;
      await ctx.db.patch("statuses", status._id, { incidentId: undefined });
    });
    expect(await reconcile()).toEqual(["an incident was open that nobody had"]);
    expect(await incidentsOf(alice)).toMatchObject([{ closedAt: expect.any(Number) as number }]);
    await t.run(async (ctx) => {
      const status = (await ctx.db.query("statuses").first())!;
      const incident = (await ctx.db.query("incidents").first())!;
      await ctx.db.patch("statuses", status._id, { incidentId: incident._id });
    });
    expect(await reconcile()).toContain("it had an incident that was over");
  });

  test("wrong counts are counted anew", async () => {
    await t.run(async (ctx) => {
      const fleet = (await ctx.db.query("fleets").first())!;
      await ctx.db.patch("fleets", fleet._id, { machines: 7, online: 3 });
    });
    expect(await reconcile()).toEqual(["it counted 3 of 7 online, there were 0 of 1"]);
  });

  test("a message that its lane forgot leaves after all", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    await alice.mutation(api.channels.test, { channelId });
    await t.run(async (ctx) => {
      const delivery = (await ctx.db.query("deliveries").first())!;
      const lane = (await ctx.db.query("lanes").first())!;
      await ctx.db.patch("deliveries", delivery._id, { dueAt: undefined });
      await ctx.db.patch("lanes", lane._id, { dueAt: undefined });
    });
    await settle(t);
    expect(receiver.received).toEqual([]);
    expect(await reconcile()).toEqual(["a message waited for none"]);
    await t.mutation(internal.jobs.notify.dispatch, {});
    await settle(t);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "delivered" }]);
  });
});

describe("the host's clock", () => {
  const jump = (byMs: number) => vi.setSystemTime(Date.now() + byMs);

  test.each([HOUR, -HOUR])("jumping by %i ms makes nobody offline who beats", async (byMs) => {
    await addChannel(alice, { url: receiver.url });
    for (let round = 0; round < 4; round++) {
      await beat(t);
      await pass(t, 30 * SECOND, 10 * SECOND);
    }
    jump(byMs);
    await t.mutation(internal.jobs.sweep.watch, {});
    for (let round = 0; round < 20; round++) {
      await beat(t);
      await pass(t, 30 * SECOND, 10 * SECOND);
      await t.mutation(internal.jobs.sweep.watch, {});
    }
    expect(receiver.received).toEqual([]);
    expect((await listed(alice)).status).toBe("online");
  });

  test("going back hides no death", async () => {
    await beat(t);
    await pass(t, 30 * SECOND, 10 * SECOND);
    jump(-HOUR);
    await t.mutation(internal.jobs.sweep.watch, {});
    await pass(t, 3 * MINUTE, 10 * SECOND);
    expect((await listed(alice)).reason).toBe("silence");
  });
});
