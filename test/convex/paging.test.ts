/** Pages of history: whoever asks for all of it at once gets a part, so that no reader holds heartbeats up for long. */
import { beforeAll, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { addChannel, aliceWithMachine, MACHINE_ID, startBackend, type Person } from "./setup.ts";

const ROWS = 1_020;
const MOST = 1_000;

let alice: Person;

/** As after years: more incidents, deliveries, deeds and links of the chain than a page holds. */
beforeAll(async () => {
  const t = startBackend();
  alice = await aliceWithMachine(t);
  const channelId = await addChannel(alice);
  await t.run(async (ctx) => {
    const machine = (await ctx.db.query("machines").first())!;
    const workspaceId = machine.workspaceId;
    const at = Date.now();
    for (let index = 0; index < ROWS; index++) {
      await ctx.db.insert("incidents", {
        workspaceId,
        machine: machine._id,
        machineId: MACHINE_ID,
        machineName: "web-1",
        openedAt: at,
        closedAt: at,
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
        actorName: "clean-up",
        action: "cleanUps.run",
        subjectKind: "machines",
        subjectId: MACHINE_ID,
        subjectName: "web-1",
        changes: [],
      });
      await ctx.db.insert("ledger", { workspaceId, sequence: index + 1, entry: "{}", hash: "" });
    }
  });
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
