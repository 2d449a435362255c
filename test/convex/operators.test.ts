import { beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";
import { mergeVersionCounts } from "../../core/versionCounts.ts";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  firstPage,
  MACHINE_ID,
  pass,
  post,
  SECRET,
  settle,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;
const WEB_2 = "2".repeat(21);
const token2 = `${WEB_2}:${SECRET}`;
const paginationOpts = firstPage;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await addMachine(alice, { machineId: WEB_2, name: "web-2" });
});

const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort();

describe("S0.5 active machines", () => {
  const activeSince = async (since: number) =>
    names((await alice.query(api.operators.active, { activeSince: since, paginationOpts })).page);

  test("are those heard since, whatever their status", async () => {
    await beat(t);
    vi.setSystemTime(START + 4 * MINUTE);
    await beat(t, {}, token2);
    expect(await activeSince(START)).toEqual(["web-1", "web-2"]);
    expect(await activeSince(START + 1)).toEqual(["web-2"]);
  });

  test("come in pages", async () => {
    await beat(t);
    await beat(t, {}, token2);
    const args = { activeSince: START, paginationOpts: { numItems: 1, cursor: null } };
    const first = await alice.query(api.operators.active, args);
    const second = await alice.query(api.operators.active, {
      activeSince: START,
      paginationOpts: { numItems: 1, cursor: first.continueCursor },
    });
    expect(names([...first.page, ...second.page])).toEqual(["web-1", "web-2"]);
  });

  test("are counted without looking at any machine", async () => {
    await beat(t);
    expect(await alice.query(api.machines.counts, {})).toEqual({ active: 1, total: 2 });
  });
});

describe("S0.7 who was alive", () => {
  const alive = async (from: number, to = from) =>
    names((await alice.query(api.operators.aliveBetween, { from, to, paginationOpts })).page);

  beforeEach(async () => {
    await beat(t, { version: "1.0" });
    await pass(t, 5 * MINUTE, 10_000);
    await beat(t, { version: "1.1" }, token2);
    await post(t, "goodbye", { token: token2, body: { reason: "shutdown" } });
  });

  test("is known for every moment", async () => {
    expect(await alive(START - 1)).toEqual([]);
    expect(await alive(START)).toEqual(["web-1"]);
    expect(await alive(START + 2 * MINUTE - 1)).toEqual(["web-1"]);
    expect(await alive(START + 2 * MINUTE)).toEqual([]);
  });

  test("between two times counts everyone who was online for a moment of it", async () => {
    expect(await alive(START, START + 10 * MINUTE)).toEqual(["web-1", "web-2"]);
    expect(await alive(START + 3 * MINUTE, START + 4 * MINUTE)).toEqual([]);
    expect(await alive(START + MINUTE, START + 3 * MINUTE)).toEqual(["web-1"]);
  });

  test("includes machines that were deleted since", async () => {
    await alice.mutation(api.machines.remove, { machineId: MACHINE_ID });
    expect(await alive(START)).toEqual(["web-1"]);
  });

  test("refuses a span that ends before it starts", async () => {
    await expect(alive(2, 1)).rejects.toMatchObject({ data: { kind: "invalid", field: "from" } });
  });
});

test("S0.7 versions are counted with their most recent heartbeat", async () => {
  await beat(t, { version: "1.0" });
  vi.setSystemTime(START + MINUTE);
  await beat(t, { version: "1.0" }, token2);
  await addMachine(alice, { machineId: "3".repeat(21), name: "web-3" });
  const { page } = await alice.query(api.operators.versions, { paginationOpts });
  expect(mergeVersionCounts(page)).toEqual([
    { version: "1.0", machines: 2, lastHeartbeatAt: START + MINUTE },
    { version: null, machines: 1, lastHeartbeatAt: null },
  ]);
});

describe("searching", () => {
  const found = async (text: string) =>
    (await alice.query(api.operators.search, { text, paginationOpts })).page;

  test.each([
    ["WEB-1.internal", "hostname"],
    ["192.0.2.7", "ipAddress"],
    ["aarch64", "arch"],
    ["debian", "os"],
    ["/srv", "rootDirectory"],
    ["2.4.6", "version"],
    ["rack b", "metadata"],
    ["maxServers", "capacity"],
    [MACHINE_ID, "machineId"],
  ])("finds %s in the %s", async (text, place) => {
    await post(t, "register", {
      body: {
        hostname: "web-1.internal",
        ipAddress: "192.0.2.7",
        arch: "aarch64",
        os: "Debian 13",
        rootDirectory: "/srv/app",
        version: "2.4.6",
        capacity: { maxServers: 4 },
        metadata: { place: "Rack B" },
      },
    });
    expect(await found(text)).toMatchObject([{ name: "web-1", foundIn: place }]);
  });

  test("refuses nothing at all", async () => {
    await expect(found(" ")).rejects.toMatchObject({ data: { kind: "invalid", field: "text" } });
  });
});

describe("S0.7 the clean-up", () => {
  const silentForMs = 6 * HOUR;

  beforeEach(async () => {
    await beat(t);
    await beat(t, {}, token2);
    await addMachine(alice, { machineId: "3".repeat(21), name: "never seen" });
    await alice.mutation(api.machines.update, { machineId: WEB_2, tags: ["auto"] });
    await pass(t, 3 * MINUTE);
    vi.setSystemTime(START + 7 * HOUR);
  });

  const preview = async (tag?: string) => {
    const args = { silentSince: Date.now() - silentForMs, paginationOpts };
    const all = tag === undefined ? args : { ...args, tag };
    return names((await alice.query(api.cleanUps.preview, all)).page);
  };
  const listed = async () => names(await alice.query(api.machines.list, {}));

  async function run(): Promise<void> {
    await t.mutation(internal.jobs.registry.startCleanUps, {});
    await settle(t);
  }

  test("is off until somebody wants it, and shows first what it would remove", async () => {
    expect(await alice.query(api.cleanUps.get, {})).toBeNull();
    expect(await preview()).toEqual(["web-1", "web-2"]);
    await run();
    expect(await listed()).toHaveLength(3);
  });

  test("removes what is silent for long, and says how many", async () => {
    await alice.mutation(api.cleanUps.enable, { silentForMs });
    await run();
    expect(await listed()).toEqual(["never seen"]);
    expect(await alice.query(api.cleanUps.get, {})).toMatchObject({
      silentForMs,
      lastRemoved: 2,
    });
    expect(await alice.query(api.machines.shelf, { shelf: "deleted" })).toHaveLength(2);
  });

  test("leaves machines that beat, that are paused or that lack the tag", async () => {
    expect(await preview("auto")).toEqual(["web-2"]);
    await alice.mutation(api.machines.pause, { machineId: WEB_2 });
    expect(await preview("auto")).toEqual([]);
    await alice.mutation(api.machines.resume, { machineId: WEB_2 });
    await beat(t);
    expect(await preview()).toEqual(["web-2"]);
    await alice.mutation(api.cleanUps.enable, { silentForMs, tag: "auto" });
    await run();
    expect(await listed()).toEqual(["never seen", "web-1"]);
  });

  test("can be turned off again", async () => {
    await alice.mutation(api.cleanUps.enable, { silentForMs });
    await alice.mutation(api.cleanUps.disable, {});
    await run();
    expect(await listed()).toHaveLength(3);
  });

  test("S0.2 lets an instance that it removed come back by itself", async () => {
    const key = `rce_${"k".repeat(32)}`;
    await alice.mutation(api.enrolment.createKey, { key, name: "image" });
    const body = { machineId: "4".repeat(21), secretHash: "0".repeat(64), instanceId: "vm-1" };
    await post(t, "enrol", { token: key, body });
    await t.run(async (ctx) => {
      for (const status of await ctx.db.query("statuses").take(10)) {
        const since = Date.now() - DAY;
        await ctx.db.patch("statuses", status._id, { reason: "silence", since });
      }
    });
    await alice.mutation(api.cleanUps.enable, { silentForMs });
    await run();
    expect(await listed()).toEqual([]);
    expect((await post(t, "enrol", { token: key, body })).answer["machineId"]).toBe(body.machineId);
    expect(await listed()).toEqual(["vm-1"]);
  });

  test("refuses to take what was silent for minutes only", async () => {
    const enable = alice.mutation(api.cleanUps.enable, { silentForMs: MINUTE });
    await expect(enable).rejects.toMatchObject({ data: { field: "silentForMs" } });
  });
});
