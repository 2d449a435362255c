/** The demo's past: made-up rows have to fit the schema and tell one story to everybody who reads them. */
import { beforeAll, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import type { TableNames } from "../../convex/_generated/dataModel.js";
import { parseHeartbeats, type Heartbeat } from "../../core/agentApi.ts";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";
import { lastOnlyAt, valuesAt } from "../../scripts/lib/demo/metrics.ts";
import { givePast } from "../../scripts/lib/demo/past.ts";
import { castOf } from "../../scripts/lib/demo/roster.ts";
import type { Row, Tables } from "../../scripts/lib/tables.ts";
import {
  addChannel,
  addMachine,
  deliveriesOf,
  incidentsOf,
  signIn,
  START,
  startBackend,
  type Backend,
} from "./setup.ts";

/** The rows of the demo that are measured are too many for this: a machine and a day of them show as much. */
function tablesOf(t: Backend) {
  const plain = ({ _creationTime: _time, ...row }: Row) => row;
  const isFew = (row: Row) => row["resolution"] === undefined || Number(row["at"]) > START - DAY;
  const tables = {
    read: async (table: TableNames) =>
      await t.run(async (ctx) => await ctx.db.query(table).collect()),
    append: async (table: TableNames, rows: Iterable<Row>) =>
      await t.run(async (ctx) => {
        for (const row of rows) if (isFew(row)) await ctx.db.insert(table, plain(row));
      }),
    replace: async (table: TableNames, rows: Iterable<Row>) =>
      await t.run(async (ctx) => {
        for (const { _id, ...row } of rows) {
          await ctx.db.replace(table, _id as never, plain(row) as never);
        }
      }),
  };
  return tables as unknown as Tables;
}

/** Two machines of the cast: one that runs, and one that is down and not acknowledged. */
async function giveAliceADemo() {
  const t = startBackend();
  const alice = await signIn(t, "alice");
  const channelId = await addChannel(alice);
  const cast = castOf(5).slice(3);
  const machines = [];
  for (const [index, character] of cast.entries()) {
    const added = await addMachine(alice, {
      machineId: String(index).padEnd(21, "x"),
      name: character.name,
      heartbeatIntervalMs: 10_000,
    });
    machines.push({ character, ...added });
  }
  vi.stubEnv("MACHINE_OFFLINE_THRESHOLD", "45s");
  const stage = { machines, waiting: "", channels: [{ channelId, name: "Ops" }] };
  const giveMeasurements = await givePast(tablesOf(t), { stage, now: START });
  await giveMeasurements();
  return { t, alice, machines, running: machines[0]!.machineId, down: machines[1]!.machineId };
}

let demo: Awaited<ReturnType<typeof giveAliceADemo>>;
beforeAll(async () => {
  demo = await giveAliceADemo();
});

test("a demo's machines have a year of history, an incident for each silence, and messages about it", async () => {
  const { t, alice, running, down } = demo;
  const list = await alice.query(api.machines.list, {});
  expect(list.map(({ machineId, status, reason }) => [machineId, status, reason]).sort()).toEqual([
    [running, "online", "heartbeat"],
    [down, "offline", "silence"],
  ]);
  const incidents = await incidentsOf(alice);
  const [open] = incidents.filter(({ closedAt }) => closedAt === null);
  expect(open).toMatchObject({ machineId: down, openedAt: START - 26 * MINUTE });
  const messages = await deliveriesOf(alice);
  expect(
    messages.some(({ event, state }) => event === "machine.offline" && state === "delivered"),
  ).toBe(true);
  const days = await t.run(async (ctx) => await ctx.db.query("uptimes").collect());
  expect(days.map(({ upSeconds }) => upSeconds.length)).toEqual([365, expect.any(Number)]);
});

test("what a demo's status changes say agrees with its uptime, its timeline and its measurements", async () => {
  const { alice, down } = demo;
  const stretch = { machineId: down, from: START - HOUR, to: START };
  const { segments } = await alice.query(api.history.timeline, stretch);
  expect(segments.map(({ condition }) => condition)).toEqual(["up", "down"]);
  const [bar] = await alice.query(api.uptime.bars, { machineIds: [down], until: START });
  expect(bar?.cells.at(-1)).toBe("p");
  const chart = await alice.query(api.samples.range, {
    machineId: down,
    from: START - HOUR,
    to: START,
  });
  const lastAt = Math.max(...chart.at);
  expect(lastAt).toBeGreaterThan(START - 28 * MINUTE);
  expect(lastAt).toBeLessThan(START - 26 * MINUTE);
});

test("nothing that reconciliation finds contradicts itself in a demo", async () => {
  const { t, alice } = demo;
  await t.mutation(internal.jobs.reconcile.run, {});
  await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(100));
  expect(await alice.query(api.monitor.repairs, {})).toEqual([]);
});

test("some of a demo's machines report swap, several disks and gauges, as agents may", () => {
  const reports = castOf(60).map((character) => {
    const { disks, gauges } = lastOnlyAt(character, START);
    const { swapUsage } = valuesAt(character, START);
    return parseHeartbeats({ gauges, metrics: { swapUsage, disks } });
  });
  const sent = reports.flatMap((report) => (report.ok ? report.value : []));
  expect(sent).toHaveLength(60);
  for (const has of [
    ({ metrics }: Heartbeat) => metrics?.swapUsage !== undefined,
    ({ metrics }: Heartbeat) => metrics?.disks !== undefined,
    ({ gauges }: Heartbeat) => gauges !== undefined,
  ]) {
    const count = sent.filter(has).length;
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(55);
  }
});
