import { beforeEach, describe, expect, test, vi } from "vitest";
import { type FunctionReturnType } from "convex/server";
import { unpackRows } from "../../core/packedRows.ts";
import { DAY } from "../../core/time.ts";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  incidentsOf,
  listed,
  MACHINE_ID,
  pass,
  settle,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

type Row = FunctionReturnType<typeof api.machines.list>[number];

let t: Backend;
let alice: Person;
const web1 = { machineId: MACHINE_ID };

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await beat(t);
});

const idsListed = async () =>
  (await alice.query(api.machines.list, {})).map(({ machineId }) => machineId);
const counts = async () => await alice.query(api.machines.counts, {});
const shelf = async (name: "archived" | "deleted") =>
  await alice.query(api.machines.shelf, { shelf: name });

describe("a machine that is deleted", () => {
  beforeEach(async () => {
    await alice.mutation(api.machines.remove, web1);
  });

  test("is neither listed nor counted, and its agent hears 410", async () => {
    expect(await idsListed()).toEqual([]);
    expect(await counts()).toEqual({ active: 0, total: 0 });
    expect((await beat(t)).status).toBe(410);
    expect(await shelf("deleted")).toMatchObject([
      { machineId: MACHINE_ID, name: "web-1", shelvedAt: START, purgeAt: START + 30 * DAY },
    ]);
  });

  test("is not called silent by the sweep", async () => {
    await pass(t, 10 * 60_000, 60_000);
    expect(await incidentsOf(alice)).toEqual([]);
  });

  test("comes back with its history, waiting for its agent", async () => {
    await alice.mutation(api.machines.restore, web1);
    expect(await listed(alice)).toMatchObject({ reason: "waiting", lastSeen: START });
    expect(await counts()).toEqual({ active: 0, total: 1 });
    expect((await beat(t)).status).toBe(200);
    expect(await counts()).toEqual({ active: 1, total: 1 });
    expect(await shelf("deleted")).toEqual([]);
  });

  test("can be looked at, but not changed", async () => {
    expect(await alice.query(api.machines.get, web1)).toMatchObject({ shelf: "deleted" });
    const rename = alice.mutation(api.machines.update, { ...web1, name: "web-2" });
    await expect(rename).rejects.toMatchObject({ data: { kind: "invalid", field: "machineId" } });
  });

  test("is gone for good after thirty days, not before", async () => {
    vi.setSystemTime(START + 30 * DAY - 1);
    await t.mutation(internal.jobs.registry.purgeDeleted, {});
    expect(await shelf("deleted")).toHaveLength(1);
    vi.setSystemTime(START + 30 * DAY);
    await t.mutation(internal.jobs.registry.purgeDeleted, {});
    await settle(t);
    expect(await shelf("deleted")).toEqual([]);
    const restore = alice.mutation(api.machines.restore, web1);
    await expect(restore).rejects.toMatchObject({ data: { kind: "notFound" } });
    expect((await beat(t)).status).toBe(410);
  });
});

describe("a machine that is archived", () => {
  beforeEach(async () => {
    await alice.mutation(api.machines.archive, web1);
  });

  test("leaves the fleet, and stays for good", async () => {
    expect(await idsListed()).toEqual([]);
    expect((await beat(t)).status).toBe(410);
    vi.setSystemTime(START + 400 * DAY);
    await t.mutation(internal.jobs.registry.purgeDeleted, {});
    expect(await shelf("archived")).toMatchObject([{ machineId: MACHINE_ID, purgeAt: null }]);
  });

  test("can be deleted, and counts once", async () => {
    await alice.mutation(api.machines.remove, web1);
    expect(await shelf("archived")).toEqual([]);
    expect(await shelf("deleted")).toHaveLength(1);
    await alice.mutation(api.machines.restore, web1);
    expect(await counts()).toEqual({ active: 0, total: 1 });
  });
});

test("an open incident of a machine that leaves the fleet ends without a message", async () => {
  await pass(t, 3 * 60_000);
  expect(await incidentsOf(alice)).toMatchObject([{ closedAt: null }]);
  await alice.mutation(api.machines.archive, web1);
  expect(await incidentsOf(alice)).toMatchObject([{ closedAt: Date.now() }]);
  await alice.mutation(api.machines.restore, web1);
  await beat(t);
  expect(await incidentsOf(alice)).toHaveLength(1);
});

test("a paused machine is tracked as ever, and shows since when it is paused", async () => {
  await alice.mutation(api.machines.pause, web1);
  vi.setSystemTime(START + 1_000);
  await alice.mutation(api.machines.pause, web1);
  expect((await listed(alice)).pausedAt).toBe(START);
  await pass(t, 3 * 60_000);
  expect(await listed(alice)).toMatchObject({ reason: "silence" });
  await alice.mutation(api.machines.resume, web1);
  expect((await listed(alice)).pausedAt).toBeNull();
});

describe("machines.bulk", () => {
  const other = "o".repeat(21);
  const both = [MACHINE_ID, other];
  const apply = async (action: Parameters<typeof bulk>[1], machineIds = both) =>
    await bulk(machineIds, action);

  async function bulk(machineIds: string[], action: (typeof api.machines.bulk)["_args"]["action"]) {
    return await alice.mutation(api.machines.bulk, { machineIds, action });
  }

  beforeEach(async () => {
    await addMachine(alice, { machineId: other, name: "web-2" });
  });

  test("adds and removes tags, and leaves the others", async () => {
    await alice.mutation(api.machines.update, { ...web1, tags: ["eu"] });
    await apply({ kind: "addTags", tags: ["prod", " eu "] });
    expect((await listed(alice)).tags).toEqual(["eu", "prod"]);
    expect((await listed(alice, other)).tags).toEqual(["prod", "eu"]);
    await apply({ kind: "removeTags", tags: ["eu"] });
    expect((await listed(alice)).tags).toEqual(["prod"]);
  });

  test("pauses, resumes, archives, deletes and restores", async () => {
    await apply({ kind: "pause" });
    expect((await listed(alice, other)).pausedAt).toBe(START);
    await apply({ kind: "resume" });
    expect((await listed(alice, other)).pausedAt).toBeNull();
    expect(await apply({ kind: "archive" })).toEqual({ changed: 2, skipped: 0 });
    expect(await idsListed()).toEqual([]);
    expect(await apply({ kind: "restore" })).toEqual({ changed: 2, skipped: 0 });
    await apply({ kind: "delete" }, [other]);
    expect(await idsListed()).toEqual([MACHINE_ID]);
  });

  test("skips machines that are not the caller's, named twice or unknown", async () => {
    const bob = await signIn(t, "bob");
    const outcome = await bob.mutation(api.machines.bulk, {
      machineIds: both,
      action: { kind: "delete" },
    });
    expect(outcome).toEqual({ changed: 0, skipped: 2 });
    expect(await idsListed()).toHaveLength(2);
    const twice = [MACHINE_ID, MACHINE_ID, "x"];
    expect(await apply({ kind: "pause" }, twice)).toEqual({ changed: 1, skipped: 2 });
  });

  test("refuses more than 500 machines, and too many tags, as a whole", async () => {
    const many = Array<string>(501).fill(MACHINE_ID);
    await expect(apply({ kind: "pause" }, many)).rejects.toMatchObject({
      data: { kind: "invalid", field: "machineIds" },
    });
    const tags = Array.from({ length: 20 }, (_unused, index) => `tag-${index}`);
    await alice.mutation(api.machines.update, { machineId: other, tags });
    await expect(apply({ kind: "addTags", tags: ["one-more"] })).rejects.toMatchObject({
      data: { kind: "invalid", field: "tags" },
    });
    expect((await listed(alice)).tags).toEqual([]);
  });
});

test("slices together are the list", async () => {
  for (const first of "-09AMZ_amz") {
    await addMachine(alice, { machineId: first.repeat(21), name: `machine ${first}` });
  }
  await alice.mutation(api.machines.remove, { machineId: "m".repeat(21) });
  for (const of of [1, 4, 64]) {
    const slices = await Promise.all(
      Array.from({ length: of }, async (_unused, slice) =>
        alice.query(api.machines.slice, { slice, of }),
      ),
    );
    const ids = slices.flatMap((slice) => unpackRows<Row>(slice)).map(({ machineId }) => machineId);
    expect(ids.sort()).toEqual((await idsListed()).sort());
  }
  await expect(alice.query(api.machines.slice, { slice: 2, of: 2 })).rejects.toMatchObject({
    data: { kind: "invalid", field: "slice" },
  });
});
