import { beforeEach, describe, expect, test, vi } from "vitest";
import { DAY } from "../../core/time.ts";
import { api } from "../../convex/_generated/api.js";
import {
  aliceWithMachine,
  beat,
  incidentsOf,
  listed,
  MACHINE_ID,
  pass,
  post,
  SECRET,
  START,
  startBackend,
  TOKEN,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;
const web1 = { machineId: MACHINE_ID };
const NEW_SECRET = "n".repeat(32);
const NEW_TOKEN = `${MACHINE_ID}:${NEW_SECRET}`;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await beat(t);
});

const rotation = async () => (await alice.query(api.machines.get, web1))?.rotation;
const statusWith = async (token: string) => (await beat(t, {}, token)).status;

describe("S4.8 rotating a secret", () => {
  test("lets the old one work for a day, and then no more", async () => {
    const rotated = await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET });
    expect(rotated).toEqual({ previousExpiresAt: START + DAY });
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([200, 200]);
    vi.setSystemTime(START + DAY);
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([401, 200]);
  });

  test("shows which of the two was last used, and when", async () => {
    expect(await rotation()).toBeNull();
    await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET });
    const previousExpiresAt = START + DAY;
    const none = { previousExpiresAt, previousUsedAt: START, currentUsedAt: null };
    expect(await rotation()).toEqual(none);
    vi.setSystemTime(START + 1_000);
    await beat(t);
    expect(await rotation()).toMatchObject({ previousUsedAt: START + 1_000, currentUsedAt: null });
    vi.setSystemTime(START + 2_000);
    await beat(t, {}, NEW_TOKEN);
    expect(await rotation()).toMatchObject({
      previousUsedAt: START + 1_000,
      currentUsedAt: START + 2_000,
    });
  });

  test("is over when the overlap is", async () => {
    const overlapMs = 60_000;
    await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET, overlapMs });
    await pass(t, 30_000);
    expect(await rotation()).toMatchObject({ previousExpiresAt: START + overlapMs });
    await pass(t, 31_000);
    expect(await rotation()).toBeNull();
  });

  test("with an overlap of 0 revokes the old one at once", async () => {
    const args = { ...web1, secret: NEW_SECRET, overlapMs: 0 };
    expect(await alice.mutation(api.secrets.rotate, args)).toEqual({ previousExpiresAt: null });
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([401, 200]);
  });

  test("twice leaves the first secret behind", async () => {
    await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET });
    await alice.mutation(api.secrets.rotate, { ...web1, secret: "m".repeat(32) });
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([401, 200]);
  });

  test.each([
    ["secret", { secret: "short" }],
    ["secret", { secret: SECRET }],
    ["overlapMs", { secret: NEW_SECRET, overlapMs: DAY + 1 }],
    ["overlapMs", { secret: NEW_SECRET, overlapMs: -1 }],
    ["overlapMs", { secret: NEW_SECRET, overlapMs: Number.NaN }],
  ])("refuses a wrong %s", async (field, args) => {
    await expect(alice.mutation(api.secrets.rotate, { ...web1, ...args })).rejects.toMatchObject({
      data: { kind: "invalid", field },
    });
    expect(await statusWith(TOKEN)).toBe(200);
  });
});

describe("S4.8 revoking", () => {
  test("the previous secret ends a rotation early", async () => {
    await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET });
    await alice.mutation(api.secrets.revoke, { ...web1, which: "previous" });
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([401, 200]);
    expect(await rotation()).toBeNull();
  });

  test("all secrets locks the machine out, and nobody is paged for its silence", async () => {
    await alice.mutation(api.secrets.revoke, { ...web1, which: "all" });
    expect(await statusWith(TOKEN)).toBe(401);
    await pass(t, 5 * 60_000, 30_000);
    expect(await listed(alice)).toMatchObject({ reason: "waiting", lastSeen: START });
    expect(await incidentsOf(alice)).toEqual([]);
    await alice.mutation(api.secrets.rotate, { ...web1, secret: NEW_SECRET });
    expect([await statusWith(TOKEN), await statusWith(NEW_TOKEN)]).toEqual([401, 200]);
  });
});

test("machines.replace takes new hardware under the same entry and history", async () => {
  await post(t, "register", { body: { hostname: "old", os: "Debian 12", bootId: "b1" } });
  await alice.mutation(api.machines.replace, { ...web1, secret: NEW_SECRET });
  expect(await listed(alice)).toMatchObject({ name: "web-1", hostname: null, os: null });
  expect(await statusWith(TOKEN)).toBe(401);
  await pass(t, 5 * 60_000, 30_000);
  expect(await incidentsOf(alice)).toEqual([]);
  await post(t, "register", { token: NEW_TOKEN, body: { hostname: "new" } });
  expect(await listed(alice)).toMatchObject({ hostname: "new", status: "online" });
  const samples = await t.run(async (ctx) => await ctx.db.query("samples").take(10));
  expect(samples.length).toBeGreaterThan(0);
});

describe("two boots that use one token", () => {
  const clash = async () => (await alice.query(api.machines.get, web1))?.clash;

  /** The machine beats, and so does its copy, half a minute apart. */
  async function takeTurns(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await beat(t, { bootId: round % 2 === 0 ? "original" : "copy" });
      vi.setSystemTime(Date.now() + 30_000);
    }
  }

  test("are named with their hosts and when each was heard", async () => {
    await post(t, "register", { body: { hostname: "web-1", bootId: "original" } });
    await post(t, "register", {
      body: { hostname: "web-1-copy", ipAddress: "192.0.2.9", bootId: "copy" },
    });
    await takeTurns(2);
    expect((await listed(alice)).clashedAt).toBe(START + 30_000);
    expect(await clash()).toMatchObject({
      boots: [
        { bootId: "copy", hostname: "web-1-copy", ipAddress: "192.0.2.9" },
        { bootId: "original", hostname: "web-1" },
      ],
    });
  });

  test("a machine that restarts, and sends what it kept before, is not two", async () => {
    await beat(t, { bootId: "b1", sequence: 1 });
    await beat(t, { bootId: "b2", sequence: 1 });
    const kept = [1, 2].map((sequence) => ({ bootId: "b1", sequence, timestamp: START }));
    for (let round = 0; round < 3; round++) {
      await beat(t, { heartbeats: kept });
      await beat(t, { bootId: "b2", sequence: 2 + round });
    }
    expect(await clash()).toBeNull();
  });

  test("are split by one call: a machine of its own with the same settings", async () => {
    await alice.mutation(api.machines.update, { ...web1, tags: ["prod"], description: "Rack 4" });
    await takeTurns(4);
    const newMachineId = "c".repeat(21);
    await alice.mutation(api.machines.split, {
      ...web1,
      newMachineId,
      secret: NEW_SECRET,
      name: "web-1 copy",
    });
    expect(await clash()).toBeNull();
    expect(await listed(alice, newMachineId)).toMatchObject({
      name: "web-1 copy",
      tags: ["prod"],
      description: "Rack 4",
      reason: "waiting",
    });
    expect(await statusWith(`${newMachineId}:${NEW_SECRET}`)).toBe(200);
  });

  test("are named again when they were dismissed and still take turns", async () => {
    await takeTurns(4);
    await alice.mutation(api.machines.dismissClash, web1);
    expect(await clash()).toBeNull();
    await takeTurns(4);
    expect((await clash())?.boots).toHaveLength(2);
  });
});
