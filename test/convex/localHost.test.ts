import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { sha256Hex } from "../../convex/model/credentials.ts";
import {
  beat,
  listed,
  MACHINE_ID,
  SECRET,
  settle,
  signIn,
  startBackend,
  type Backend,
} from "./setup.ts";

let t: Backend;

beforeEach(() => {
  t = startBackend();
  vi.stubEnv("LOCAL_HOST_METRICS", "true");
});

const ensure = async () =>
  await t.mutation(internal.jobs.localHost.ensure, {
    machineId: MACHINE_ID,
    secretHash: await sha256Hex(SECRET),
    name: "server-1",
  });
const forget = async () =>
  await t.mutation(internal.jobs.localHost.forget, { machineId: MACHINE_ID });

describe("S4.6 the server's own host", () => {
  test("is a machine of the first workspace, once, that beats like any other", async () => {
    const alice = await signIn(t, "alice");
    const bob = await signIn(t, "bob");
    expect([await ensure(), await ensure()]).toEqual([true, true]);
    expect((await beat(t, { metrics: { cpuUsage: 5 } })).status).toBe(200);
    expect(await alice.query(api.machines.list, {})).toHaveLength(1);
    expect(await listed(alice)).toMatchObject({ name: "server-1", status: "online" });
    expect(await bob.query(api.machines.list, {})).toEqual([]);
  });

  test("waits for the first sign-up", async () => {
    expect(await ensure()).toBe(false);
    await signIn(t, "alice");
    expect(await ensure()).toBe(true);
  });

  test.each(["false", "", "yes"])("is refused with LOCAL_HOST_METRICS=%s", async (value) => {
    vi.stubEnv("LOCAL_HOST_METRICS", value);
    const alice = await signIn(t, "alice");
    await expect(ensure()).rejects.toThrow("LOCAL_HOST_METRICS");
    expect(await alice.query(api.machines.list, {})).toEqual([]);
  });

  test("is refused by default", async () => {
    vi.stubEnv("LOCAL_HOST_METRICS", undefined);
    await signIn(t, "alice");
    await expect(ensure()).rejects.toThrow("LOCAL_HOST_METRICS");
  });

  test("is forgotten with what it told, and its agent hears of it", async () => {
    const alice = await signIn(t, "alice");
    await ensure();
    await beat(t, { metrics: { cpuUsage: 5 } });
    await forget();
    await forget();
    await settle(t);
    expect(await alice.query(api.machines.list, {})).toEqual([]);
    const left = await t.run(async (ctx) => [
      await ctx.db.query("machines").collect(),
      await ctx.db.query("pulses").collect(),
      await ctx.db.query("samples").collect(),
    ]);
    expect(left).toEqual([[], [], []]);
    expect((await beat(t)).status).toBe(410);
  });

  test("stays deleted when somebody deleted it", async () => {
    const alice = await signIn(t, "alice");
    await ensure();
    await alice.mutation(api.machines.remove, { machineId: MACHINE_ID });
    expect(await ensure()).toBe(true);
    expect(await alice.query(api.machines.list, {})).toEqual([]);
  });
});
