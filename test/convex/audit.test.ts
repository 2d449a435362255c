import { beforeEach, describe, expect, test, vi } from "vitest";
import { HOUR, MINUTE } from "../../core/time.ts";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addChannel,
  aliceWithMachine,
  beat,
  firstPage,
  MACHINE_ID,
  pass,
  post,
  settle,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;
const web1 = { machineId: MACHINE_ID };
const paginationOpts = firstPage;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

type Filters = Omit<(typeof api.audit.list)["_args"], "paginationOpts">;
const log = async (filters: Filters = {}) =>
  (await alice.query(api.audit.list, { paginationOpts, ...filters })).page;

describe("S4.8 the audit log", () => {
  test("says who changed what, when, from what and to what", async () => {
    vi.setSystemTime(START + MINUTE);
    await alice.mutation(api.machines.update, { ...web1, name: "web-one", tags: ["prod"] });
    const [latest, first] = await log();
    expect(latest).toMatchObject({
      at: START + MINUTE,
      actorKind: "person",
      actorName: "alice",
      action: "machines.update",
      subjectKind: "machines",
      subjectId: MACHINE_ID,
      subjectName: "web-one",
      changes: [
        { field: "name", from: "web-1", to: "web-one" },
        { field: "tags", from: null, to: '["prod"]' },
      ],
    });
    expect(first).toMatchObject({ at: START, action: "machines.create" });
  });

  test("never holds a secret, a hash or where a channel goes", async () => {
    const url = "https://hooks.example.com/with-a-token-in-it";
    await addChannel(alice, { url, secret: "signing secret" });
    await alice.mutation(api.secrets.rotate, { ...web1, secret: "n".repeat(32) });
    const text = JSON.stringify(await log());
    expect(text).not.toMatch(/with-a-token-in-it|signing secret|nnnn|[0-9a-f]{64}/);
    expect((await log({ action: "secrets.rotate" }))[0]?.changes).toContainEqual({
      field: "secretHash",
      from: "(hidden)",
      to: "(hidden)",
    });
  });

  test("holds one event for each machine of a batch", async () => {
    await alice.mutation(api.machines.bulk, {
      machineIds: [MACHINE_ID],
      action: { kind: "addTags", tags: ["eu"] },
    });
    expect(await log({ action: "machines.bulk" })).toMatchObject([{ subjectId: MACHINE_ID }]);
  });

  test("has nothing about what changed nothing, was refused or machines did", async () => {
    const before = await log();
    await alice.mutation(api.machines.update, { ...web1, name: "web-1" });
    await alice.mutation(api.machines.update, { ...web1, name: "" }).catch(() => undefined);
    await beat(t);
    await pass(t, 3 * MINUTE);
    expect(await log()).toEqual(before);
  });

  test("names the key with which a machine enrolled itself, and the clean-up", async () => {
    const key = `rce_${"k".repeat(32)}`;
    await alice.mutation(api.enrolment.createKey, { key, name: "golden image" });
    const body = { machineId: "4".repeat(21), secretHash: "0".repeat(64), name: "vm-1" };
    await post(t, "enrol", { token: key, body });
    await beat(t);
    await pass(t, 3 * MINUTE);
    vi.setSystemTime(START + 2 * HOUR);
    await alice.mutation(api.cleanUps.enable, { silentForMs: HOUR });
    await t.mutation(internal.jobs.registry.startCleanUps, {});
    await settle(t);
    expect(await log({ action: "agent.enrol" })).toMatchObject([
      { actorKind: "enrolmentKey", actorName: "golden image", subjectName: "vm-1" },
    ]);
    expect(await log({ action: "cleanUps.run" })).toContainEqual(
      expect.objectContaining({
        actorKind: "system",
        actorName: "clean-up",
        subjectKind: "machines",
        subjectId: MACHINE_ID,
      }),
    );
  });
});

describe("filters", () => {
  test("narrow down by subject, actor, action and time", async () => {
    vi.setSystemTime(START + MINUTE);
    await alice.mutation(api.machines.pause, web1);
    await addChannel(alice);
    const actorId = (await log())[0]?.actorId ?? "";
    expect(await log({ actorId })).toHaveLength(3);
    expect(await log({ actorId: "somebody" })).toEqual([]);
    expect(await log({ subjectId: MACHINE_ID })).toHaveLength(2);
    expect(await log({ subjectId: MACHINE_ID, action: "machines.pause" })).toHaveLength(1);
    expect(await log({ action: "channels.create" })).toHaveLength(1);
    expect(await log({ from: START + 1 })).toHaveLength(2);
    expect(await log({ to: START, actorId })).toHaveLength(1);
  });
});

test("the log is exported as CSV, page by page", async () => {
  await alice.mutation(api.machines.update, { ...web1, name: "=evil(), web" });
  const first = await alice.query(api.audit.exportCsv, {
    paginationOpts: { numItems: 1, cursor: null },
  });
  const second = await alice.query(api.audit.exportCsv, {
    paginationOpts: { numItems: 1, cursor: first.continueCursor },
  });
  const lines = (first.csv + second.csv).trimEnd().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^at,actorKind,actorId,actor,action/);
  expect(lines[1]).toContain('machines.update,machines,V1StGXR8_Z5jdHi6B-myT,"\'=evil(), web"');
  expect(lines[2]).toContain("machines.create");
});

test("nobody reads it but admins", async () => {
  const bob = await signIn(t, "bob");
  const { workspaceId } = (await alice.query(api.users.me, {}))!.workspace;
  await t.run(async (ctx) => {
    const user = (await ctx.db.query("users").take(5)).find(({ name }) => name === "bob");
    await ctx.db.insert("members", { workspaceId, userId: user!._id, role: "member" });
  });
  for (const read of [api.audit.list, api.audit.exportCsv]) {
    await expect(bob.query(read, { workspaceId, paginationOpts })).rejects.toMatchObject({
      data: { kind: "forbidden" },
    });
  }
});
