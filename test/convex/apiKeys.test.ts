import { beforeEach, describe, expect, test, vi } from "vitest";
import { HOUR } from "../../core/time.ts";
import { api } from "../../convex/_generated/api.js";
import { aliceWithMachine, START, startBackend, type Backend, type Person } from "./setup.ts";

let t: Backend;
let alice: Person;
const KEY = `rck_${"k".repeat(40)}wxyz`;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

type Settings = Partial<(typeof api.apiKeys.create)["_args"]>;
const create = async (settings: Settings = {}) =>
  await alice.mutation(api.apiKeys.create, {
    key: KEY,
    name: "dashboard",
    access: "read",
    ...settings,
  });
const list = async () => await alice.query(api.apiKeys.list, {});

async function statusOf(path = "/api/v1/machines", method = "GET", key = KEY): Promise<number> {
  const headers = { Authorization: `Bearer ${key}` };
  return (await t.fetch(path, { method, headers })).status;
}

describe("an API key", () => {
  test("reads its workspace, and shows coarsely when it was used", async () => {
    await create();
    expect(await statusOf()).toBe(200);
    vi.setSystemTime(START + 1_000);
    expect(await statusOf()).toBe(200);
    expect(await list()).toMatchObject([
      { name: "dashboard", access: "read", hint: "wxyz", expiresAt: null, lastUsedAt: START },
    ]);
  });

  test("is kept as a hash", async () => {
    await create();
    const rows = await t.run(async (ctx) => await ctx.db.query("apiKeys").take(2));
    expect(JSON.stringify([rows, await list()])).not.toContain("kkkk");
  });

  test("changes something only if it may write", async () => {
    await create();
    const machine = "/api/v1/machines/V1StGXR8_Z5jdHi6B-myT";
    expect(await statusOf(machine, "DELETE")).toBe(403);
    const key = `rck_${"w".repeat(32)}`;
    await create({ key, access: "write" });
    expect(await statusOf(machine, "DELETE", key)).toBe(204);
  });

  test("ends at once when it is revoked, and by itself when it expires", async () => {
    const { apiKeyId } = await create({ lifetimeMs: HOUR });
    vi.setSystemTime(START + HOUR);
    expect(await statusOf()).toBe(401);
    vi.setSystemTime(START);
    expect(await statusOf()).toBe(200);
    await alice.mutation(api.apiKeys.revoke, { apiKeyId });
    expect(await statusOf()).toBe(401);
    expect(await list()).toEqual([]);
  });

  test.each([
    ["key", { key: "rck_short" }],
    ["key", { key: `rce_${"k".repeat(32)}` }],
    ["name", { name: " " }],
    ["lifetimeMs", { lifetimeMs: 1 }],
  ])("with a wrong %s is not made", async (field, settings) => {
    await expect(create(settings)).rejects.toMatchObject({ data: { kind: "invalid", field } });
    expect(await list()).toEqual([]);
  });
});
