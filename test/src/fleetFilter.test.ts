/** The fleet's filter language, from what is typed to the machines that stay. */
import { describe, expect, test } from "vitest";
import { filterFleet } from "@/features/fleet/fleetFilter.ts";
import { compareVersions, parseFilter } from "@/features/fleet/filterQuery.ts";
import { fleetCsv } from "@/features/fleet/csv.ts";
import { createNameOrder, type FleetEntry, sortFleet } from "@/features/fleet/fleetView.ts";
import { type MachineRow, type Pulse } from "@/lib/backend.ts";
import { idOf, machine, NOW, pulse, states } from "./support/cast.ts";

const entry = (
  name: string,
  differences: Partial<MachineRow> = {},
  state: FleetEntry["state"] = "online",
): FleetEntry => ({ machine: machine(name, differences), state });

const fleet = [
  entry("web-1", { tags: ["prod", "eu west"], version: "1.4.0" }),
  entry("web-2", { ...states.offline, tags: ["prod"], version: "1.10.2" }, "offline"),
  entry("db-1", { tags: ["staging"], version: "1.3.9", lastSeen: NOW - 40_000 }, "late"),
  entry("pi-1", { ...states.waiting, os: "windows", pausedAt: NOW }, "waiting"),
];

const pulses = new Map<string, Pulse>([
  [idOf("web-1"), pulse("web-1", { cpuUsage: 91 })],
  [idOf("db-1"), pulse("db-1", { cpuUsage: 12 })],
]);

const kept = (query: string) =>
  filterFleet(fleet, parseFilter(query), { now: NOW, pulses }).map(({ machine }) => machine.name);

describe("a query", () => {
  test.each([
    ["", ["web-1", "web-2", "db-1", "pi-1"]],
    ["WEB", ["web-1", "web-2"]],
    ["web 2", ["web-2"]],
    ["offline", ["web-2"]],
    ["status:offline,late", ["web-2", "db-1"]],
    ["status:down", ["web-2"]],
    ["tag:prod", ["web-1", "web-2"]],
    ["tag:pro", ["web-1", "web-2"]],
    ["tag=pro", []],
    ['tag:"eu west"', ["web-1"]],
    ['"eu west"', ["web-1"]],
    ["-tag:prod", ["db-1", "pi-1"]],
    ["-web", ["db-1", "pi-1"]],
    ["version<1.4", ["db-1"]],
    ["version>=1.4 version<1.10", ["web-1"]],
    ["version:1.4", ["web-1"]],
    ["seen>1m", ["web-2", "pi-1"]],
    ["seen<10s", ["web-1"]],
    ["cpu>80", ["web-1"]],
    ["cpu<=12%", ["db-1"]],
    ["os:win", ["pi-1"]],
    ["is:paused", ["pi-1"]],
    ["host:web-1.int", ["web-1"]],
    ["tag:", ["web-1", "web-2", "db-1", "pi-1"]],
    ["http://nowhere", []],
  ])("%s keeps %j", (query, names) => {
    expect(kept(query)).toEqual(names);
  });

  test("that was misunderstood says what would be right, and is searched as text", () => {
    expect(parseFilter("seen>soon").problems).toEqual([
      "seen needs a duration: seen>10m, seen<1h.",
    ]);
    expect(kept("cpu>much")).toEqual([]);
    expect(parseFilter("cpu>much is:red").problems).toHaveLength(2);
  });
});

test("versions compare by their numbers", () => {
  const versions = ["1.10.0", "v1.9", "1.9.0-beta", "1.2"];
  expect(versions.toSorted(compareVersions)).toEqual(["1.2", "v1.9", "1.9.0-beta", "1.10.0"]);
});

test("in a big fleet an online machine is never long unseen, whatever its row says", () => {
  const big = Array.from({ length: 200 }, (_, index) =>
    entry(`node-${index}`, { lastSeen: NOW - 3_600_000 }),
  );
  const context = { now: NOW, pulses: new Map() };
  expect(filterFleet(big, parseFilter("seen>10m"), context)).toEqual([]);
});

test("the order of names is kept as rows change, come and go", () => {
  const byName = createNameOrder();
  const names = (entries: FleetEntry[]) => byName(entries).map(({ machine }) => machine.name);
  expect(names([entry("web-10"), entry("web-2"), entry("db-1")])).toEqual([
    "db-1",
    "web-2",
    "web-10",
  ]);
  expect(names([entry("web-2"), entry("a-1"), entry("web-10", states.offline, "offline")])).toEqual(
    ["a-1", "web-2", "web-10"],
  );
});

test("the same machines with other statuses come in the same order, with their new statuses", () => {
  const byName = createNameOrder();
  byName([entry("web-2"), entry("Ärger"), entry("web-1")]);
  const later = byName([entry("web-2"), entry("Ärger", states.offline, "offline"), entry("web-1")]);
  expect(later.map(({ machine, state }) => `${machine.name} ${state}`)).toEqual([
    "Ärger offline",
    "web-1 online",
    "web-2 online",
  ]);
});

test("sorts by what the last heartbeats said, highest first, unknown last", () => {
  const sorted = sortFleet(fleet, { key: "cpu", isReversed: false }, pulses);
  expect(sorted.map(({ machine }) => machine.name)).toEqual(["web-1", "db-1", "web-2", "pi-1"]);
});

test("the CSV quotes what needs it, and no cell is a formula", () => {
  const csv = fleetCsv(
    [entry("web-1", { hostname: "=cmd|calc", description: 'a "b", c', tags: ["x", "y"] })],
    pulses,
  );
  const [head, line] = csv.split("\r\n");
  expect(head).toMatch(/^machineId,name,status,/);
  expect(line).toContain(",x y,'=cmd|calc,1.4.0,");
  expect(line).toContain(',91,63,71,2,"a ""b"", c"');
  expect(line).toContain(new Date(NOW - 4_000).toISOString());
});
