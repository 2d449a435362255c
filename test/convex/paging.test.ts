/** Pages of history: whoever asks for all of it at once gets a part, so that no reader holds heartbeats up for long. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../convex/_generated/server.js";
import { DAY } from "../../core/time.ts";
import {
  addChannel,
  aliceWithMachine,
  MACHINE_ID,
  START,
  startBackend,
  type Person,
} from "./setup.ts";

const ROWS = 1_020;
const MOST = 1_000;

let alice: Person;

/** As after years: one incident and one deed, and a hundred days later more of all than a page holds. */
beforeAll(async () => {
  const t = startBackend();
  alice = await aliceWithMachine(t);
  const channelId = await addChannel(alice);
  await t.run(async (ctx) => await insertRows(ctx, channelId, 1));
  vi.setSystemTime(START + 100 * DAY);
  await t.run(async (ctx) => await insertRows(ctx, channelId, ROWS));
});

async function insertRows(ctx: Pick<MutationCtx, "db">, channelId: Id<"channels">, count: number) {
  const { _id: machine, workspaceId } = (await ctx.db.query("machines").first())!;
  const at = Date.now();
  for (let index = 0; index < count; index++) {
    await ctx.db.insert("incidents", {
      workspaceId,
      machine,
      machineId: MACHINE_ID,
      machineName: "web-1",
      openedAt: at,
      closedAt: at + 1,
      reason: "silence",
    });
    await ctx.db.insert("deliveries", {
      workspaceId,
      channelId,
      channelName: "Ops",
      event: "test",
      count: 1,
      digest: "",
      state: "delivered",
      attempts: 1,
      attemptLog: [],
      queuedAt: at,
    });
    await ctx.db.insert("auditEvents", {
      workspaceId,
      at,
      actorKind: "system",
      actorId: "somebody",
      actorName: "clean-up",
      action: "cleanUps.run",
      subjectKind: "machines",
      subjectId: MACHINE_ID,
      subjectName: "web-1",
      changes: [],
    });
    await ctx.db.insert("ledger", { workspaceId, sequence: at + index, entry: "{}", hash: "" });
  }
}

describe("what was long ago is found without reading all that came after it:", () => {
  const stretch = { from: START, to: START + DAY };
  const paginationOpts = { numItems: 5, cursor: null };

  test("incidents of one machine", async () => {
    const of = { machineId: MACHINE_ID, ...stretch, paginationOpts };
    expect((await alice.query(api.incidents.list, of)).page).toMatchObject([{ openedAt: START }]);
    const timeline = { machineId: MACHINE_ID, ...stretch };
    expect(await alice.query(api.history.timeline, timeline)).toMatchObject({
      incidents: [{ openedAt: START }],
    });
  });

  test.each([{ actorId: "somebody" }, { action: "cleanUps.run" }, { subjectId: MACHINE_ID }])(
    "deeds by %o",
    async (filter) => {
      const { page } = await alice.query(api.audit.list, { ...filter, ...stretch, paginationOpts });
      expect(page.filter(({ action }) => action === "cleanUps.run")).toMatchObject([{ at: START }]);
    },
  );
});

const ask = {
  "incidents.list": (numItems: number) =>
    alice.query(api.incidents.list, { paginationOpts: { numItems, cursor: null } }),
  "deliveries.list": (numItems: number) =>
    alice.query(api.deliveries.list, { paginationOpts: { numItems, cursor: null } }),
  "deliveries.ledger": (numItems: number) =>
    alice.query(api.deliveries.ledger, { paginationOpts: { numItems, cursor: null } }),
  "audit.list": (numItems: number) =>
    alice.query(api.audit.list, { paginationOpts: { numItems, cursor: null } }),
};

test.each(Object.entries(ask))("%s", async (_name, page) => {
  const { page: rows, isDone } = await page(1_000_000);
  expect([rows.length, isDone]).toEqual([MOST, false]);
  expect((await page(7)).page).toHaveLength(7);
  await expect(page(Number.NaN)).rejects.toMatchObject({ data: { kind: "invalid" } });
});
