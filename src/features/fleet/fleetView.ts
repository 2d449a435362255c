/** The fleet list's pure parts: ordering, counting, and the status in a filter's text. */
import { type MachineState } from "../../../core/status.ts";
import { type MachineRow, type Pulse } from "@/lib/backend.ts";
import { statesByUrgency, urgencyOf } from "@/lib/machineState.ts";
import { metricOf } from "./fleetFilter.ts";
import { compareVersions } from "./filterQuery.ts";

export interface FleetEntry {
  machine: MachineRow;
  state: MachineState;
  /** Set for machines as they were at a moment. */
  past?: { at: number; isInMaintenance: boolean };
}

export const sortKeys = [
  "urgency",
  "name",
  "lastSeen",
  "since",
  "version",
  "hostname",
  "assistants",
  "created",
  "cpu",
  "memory",
  "disk",
] as const;
export type SortKey = (typeof sortKeys)[number];
export type StateCounts = Record<MachineState, number>;

/** The state that the query asks for, where it asks for exactly one: the count to show as pressed. */
export function stateInQuery(query: string): MachineState | null {
  const value = /(?:^|\s)status:(\S+)/i.exec(query)?.[1]?.toLowerCase();
  return statesByUrgency.find((state) => state === value) ?? null;
}

/** The same query, asking for this state only; null asks for all. */
export function withState(query: string, state: MachineState | null): string {
  const rest = query.replace(/(?:^|\s)status:\S*/gi, " ").trim();
  return [state === null ? "" : `status:${state}`, rest].filter(Boolean).join(" ");
}

const versionWord = /(?:^|\s)version=("[^"]*"|\S*)/i;

/** The one version that the query asks for, in lower case; null where it asks for none or for a range. */
export function versionInQuery(query: string): string | null {
  const value = versionWord.exec(query)?.[1]?.replaceAll('"', "").toLowerCase();
  return value === undefined || value === "" ? null : value;
}

/** The same query, asking for this version only; null asks for all. */
export function withVersion(query: string, version: string | null): string {
  const rest = query
    .replace(/(?:^|\s)version[:=<>]+("[^"]*"|\S*)/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  // Agents choose their versions: one with a space needs quotes, one with quotes is found without them.
  const value = version?.replaceAll('"', "") ?? "";
  const word = /\s/.test(value) ? `version="${value}"` : `version=${value}`;
  return [rest, version === null ? "" : word].filter(Boolean).join(" ");
}

export function countStates(entries: FleetEntry[]): StateCounts {
  const counts: StateCounts = { offline: 0, late: 0, waiting: 0, online: 0, stopped: 0 };
  for (const { state } of entries) counts[state] += 1;
  return counts;
}

export interface Order {
  key: SortKey;
  isReversed: boolean;
}

/**
 * Orders entries that stand in the order of their names: rows that are equal stay so, and the list never jumps.
 * Comparing ten thousand names with each change would take a tenth of a second; numbers take a few milliseconds.
 */
export function sortFleet(
  named: FleetEntry[],
  { key, isReversed }: Order,
  pulses: ReadonlyMap<string, Pulse>,
): FleetEntry[] {
  if (key === "name") return isReversed ? named.toReversed() : named;
  const direction = isReversed ? -1 : 1;
  const ranks = new Map(named.map((entry) => [entry, rankOf(key, entry, pulses)]));
  if (key === "version" || key === "hostname") {
    const compare = key === "version" ? compareVersions : compareTexts;
    return named.toSorted(
      (a, b) => direction * compare(String(ranks.get(a)), String(ranks.get(b))),
    );
  }
  return named.toSorted(
    (a, b) => direction * (Number(ranks.get(a) ?? 0) - Number(ranks.get(b) ?? 0)),
  );
}

/** What to compare: ascending is what a reader wants to see first. */
function rankOf(
  key: Exclude<SortKey, "name">,
  { machine, state }: FleetEntry,
  pulses: ReadonlyMap<string, Pulse>,
): number | string {
  const pulse = pulses.get(machine.machineId);
  switch (key) {
    case "urgency":
      return urgencyOf(state);
    case "lastSeen":
      return -(pulse?.lastHeartbeatAt ?? machine.lastSeen ?? 0);
    case "since":
      return -machine.since;
    case "created":
      return -machine.createdAt;
    case "version":
      return machine.version ?? "";
    case "hostname":
      return machine.hostname ?? "";
    case "assistants":
      return -(pulse?.assistantCount ?? machine.assistantCount ?? -1);
    case "cpu":
    case "memory":
    case "disk":
      return -(metricOf(pulse, key) ?? -1);
    default:
      return key satisfies never;
  }
}

// Numbers by value: web-2 stands before web-10.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const compareTexts = (a: string, b: string) => collator.compare(a, b);

/**
 * Brings entries into the order of their names. With each change of a status all rows come again: while no machine came,
 * went or was renamed, the order is the last one, and nothing is compared.
 */
export function createNameOrder(): (entries: FleetEntry[]) => FleetEntry[] {
  let last: MachineRow[] = [];
  let order: number[] = [];
  return (entries) => {
    const isSame =
      entries.length === last.length &&
      entries.every(
        ({ machine: { machineId, name } }, index) =>
          last[index]?.machineId === machineId && last[index].name === name,
      );
    last = entries.map(({ machine }) => machine);
    if (!isSame) order = orderByName(last);
    return order.flatMap((place) => entries[place] ?? []);
  };
}

/** The places of the rows, in the order of their names. */
function orderByName(machines: MachineRow[]): number[] {
  const isPlain = machines.every(({ name }) => PLAIN.test(name));
  const keyed = machines.map(({ name, machineId }, place) => ({
    place,
    machineId,
    key: isPlain ? plainKey(name) : name,
  }));
  const compare = isPlain ? compareCodes : compareTexts;
  keyed.sort((a, b) => compare(a.key, b.key) || compareCodes(a.machineId, b.machineId));
  return keyed.map(({ place }) => place);
}

/** Names whose order no language changes. */
const PLAIN = /^[\x20-\x7e]*$/;

/** As many as a long serial number has. */
const DIGITS = 16;

/** Of a plain name: to compare these by code is to compare names without case and numbers by value, and far faster. */
function plainKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(DIGITS, "0"));
}

const compareCodes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
