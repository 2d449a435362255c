import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, HOUR } from "../../core/time.ts";
import { api } from "../../convex/_generated/api.js";
import {
  beat,
  post,
  SECRET,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;
const KEY = `rce_${"k".repeat(32)}`;
const NEW_SECRET = "n".repeat(32);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const idOf = (number: number) => `${number}`.padStart(21, "m");

beforeEach(async () => {
  t = startBackend();
  alice = await signIn(t, "alice");
});

async function createKey(
  settings: Partial<(typeof api.enrolment.createKey)["_args"]> = {},
): Promise<(typeof api.enrolment.createKey)["_returnType"]> {
  return await alice.mutation(api.enrolment.createKey, { key: KEY, name: "image", ...settings });
}

async function enrol(body: Record<string, unknown> = {}, token = KEY) {
  const enrolment = { machineId: idOf(1), secretHash: sha256(SECRET), ...body };
  return await post(t, "enrol", { token, body: enrolment });
}

const machines = async () => await alice.query(api.machines.list, {});
const keys = async () => await alice.query(api.enrolment.listKeys, {});

describe("a machine that enrols itself", () => {
  test("is in the fleet with the key's tags and timing, and beats with its own token", async () => {
    await createKey({ tags: ["auto"], heartbeatIntervalMs: 5_000 });
    const { status, answer } = await enrol({ instanceId: "vm-1", hostname: "ip-10-0-0-1" });
    expect(status).toBe(200);
    expect(answer).toEqual({
      machineId: idOf(1),
      name: "vm-1",
      heartbeatIntervalMs: 5_000,
      serverTime: START,
    });
    expect((await beat(t, {}, `${idOf(1)}:${SECRET}`)).status).toBe(200);
    expect(await machines()).toMatchObject([{ name: "vm-1", tags: ["auto"], status: "online" }]);
    expect(await keys()).toMatchObject([{ machines: 1, lastUsedAt: START }]);
  });

  test("S0.2 again under the same instance id is the same machine, with a new secret", async () => {
    await createKey();
    await enrol({ instanceId: "vm-1" });
    const again = { instanceId: "vm-1", machineId: idOf(2), secretHash: sha256(NEW_SECRET) };
    expect((await enrol(again)).answer["machineId"]).toBe(idOf(1));
    expect((await beat(t, {}, `${idOf(1)}:${NEW_SECRET}`)).status).toBe(200);
    expect((await beat(t, {}, `${idOf(1)}:${SECRET}`)).status).toBe(200);
    vi.setSystemTime(START + DAY);
    expect((await beat(t, {}, `${idOf(1)}:${SECRET}`)).status).toBe(401);
    expect(await machines()).toHaveLength(1);
    expect(await keys()).toMatchObject([{ machines: 1 }]);
  });

  test("again after a lost answer, without an instance id, is not two", async () => {
    await createKey();
    await enrol({ hostname: "web-1" });
    expect((await enrol({ hostname: "web-1" })).status).toBe(200);
    expect(await machines()).toMatchObject([{ name: "web-1" }]);
  });

  test("under an id that is taken is told to make a new one", async () => {
    await createKey();
    await enrol();
    const { status, answer } = await enrol({ secretHash: sha256(NEW_SECRET) });
    expect(status).toBe(409);
    expect(answer).toMatchObject({ error: { code: "duplicateMachineId" } });
  });

  test("hears 410 when people deleted it", async () => {
    await createKey();
    await enrol({ instanceId: "vm-1" });
    await alice.mutation(api.machines.remove, { machineId: idOf(1) });
    expect((await enrol({ instanceId: "vm-1" })).status).toBe(410);
    expect(await machines()).toEqual([]);
  });

  test("is another machine in another workspace", async () => {
    await createKey();
    await enrol({ instanceId: "vm-1" });
    const bob = await signIn(t, "bob");
    const key = `rce_${"b".repeat(32)}`;
    await bob.mutation(api.enrolment.createKey, { key, name: "bobs" });
    const { answer } = await enrol({ instanceId: "vm-1", machineId: idOf(2) }, key);
    expect(answer["machineId"]).toBe(idOf(2));
    expect(await machines()).toHaveLength(1);
  });
});

describe("an enrolment key", () => {
  const wrong = { status: 401, answer: { error: { code: "unauthorized" } } };

  test("is stored as a hash, and shown by its last characters only", async () => {
    await createKey({ key: `rce_${"k".repeat(40)}wxyz` });
    expect(await keys()).toMatchObject([{ name: "image", hint: "wxyz" }]);
    const rows = await t.run(async (ctx) => await ctx.db.query("enrolmentKeys").take(2));
    expect(JSON.stringify(rows)).not.toContain("kkkk");
  });

  test("expires", async () => {
    await createKey({ lifetimeMs: HOUR });
    vi.setSystemTime(START + HOUR);
    expect(await enrol()).toMatchObject(wrong);
  });

  test("adds so many machines and no more; those that it added come back", async () => {
    await createKey({ maxMachines: 1 });
    await enrol({ instanceId: "vm-1" });
    expect(await enrol({ instanceId: "vm-2", machineId: idOf(2) })).toMatchObject(wrong);
    expect((await enrol({ instanceId: "vm-1" })).status).toBe(200);
  });

  test("ends at once when it is revoked; its machines keep their tokens", async () => {
    const { enrolmentKeyId } = await createKey();
    await enrol();
    await alice.mutation(api.enrolment.revokeKey, { enrolmentKeyId });
    expect(await enrol({ machineId: idOf(2) })).toMatchObject(wrong);
    expect((await beat(t, {}, `${idOf(1)}:${SECRET}`)).status).toBe(200);
  });

  test.each([["nonsense"], [`rce_${"x".repeat(32)}`], [`${idOf(1)}:${SECRET}`]])(
    "that is wrong is refused, whatever the body: %s",
    async (token) => {
      await createKey();
      expect(await enrol({}, token)).toMatchObject(wrong);
      expect(await enrol({ machineId: "short" }, token)).toMatchObject(wrong);
    },
  );

  test.each([
    ["key", { key: "rce_short" }],
    ["key", { key: `rck_${"k".repeat(32)}` }],
    ["name", { name: "" }],
    ["lifetimeMs", { lifetimeMs: 1 }],
    ["maxMachines", { maxMachines: 0 }],
    ["maxMachines", { maxMachines: 1.5 }],
    ["tags", { tags: [""] }],
  ])("with a wrong %s is not made", async (field, settings) => {
    await expect(createKey(settings)).rejects.toMatchObject({ data: { kind: "invalid", field } });
  });
});

test.each([
  [422, { machineId: "short" }],
  [422, { secretHash: "plain secret" }],
  [400, { instanceId: 7 }],
])("a body that is no good is answered %i: %o", async (status, body) => {
  await createKey();
  expect((await enrol(body)).status).toBe(status);
  expect(await machines()).toEqual([]);
});

test("a loop of enrolments is told to wait", async () => {
  await createKey({ maxMachines: 10_000 });
  const statuses = [];
  for (let index = 0; index < 301; index++) statuses.push((await enrol()).status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
});
