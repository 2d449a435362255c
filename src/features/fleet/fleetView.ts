/** The fleet list's pure parts: filtering by text and typed words, ordering, counting. */
import { type MachineState } from "../../../core/status.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { statesByUrgency, urgencyOf } from "@/lib/machineState.ts";

export interface FleetEntry {
  machine: MachineRow;
  state: MachineState;
}

export type SortKey = "urgency" | "name" | "lastSeen" | "version";
export type StateCounts = Record<MachineState, number>;

/**
 * Keeps what matches all words of the query. `status:offline`, `tag:prod` and `version:1.4` look at one thing
 * (`tag:` also by beginning); other words are searched in name, description, hostname, tags, version and state.
 */
export function filterFleet(entries: FleetEntry[], query: string): FleetEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0
    ? entries
    : entries.filter((entry) => words.every((word) => matches(entry, word)));
}

function matches({ machine, state }: FleetEntry, word: string): boolean {
  const [, field, value = ""] = /^(status|tag|version):(.*)$/.exec(word) ?? [];
  switch (field) {
    case "status":
      return value.split(",").includes(state);
    case "tag":
      return machine.tags.some((tag) => tag.toLowerCase().startsWith(value));
    case "version":
      return (machine.version ?? "").toLowerCase().startsWith(value);
    default:
      return [machine.name, machine.description, machine.hostname, machine.version, state]
        .concat(machine.tags)
        .some((text) => text?.toLowerCase().includes(word));
  }
}

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

export function countStates(entries: FleetEntry[]): StateCounts {
  const counts: StateCounts = { offline: 0, late: 0, waiting: 0, online: 0, stopped: 0 };
  for (const { state } of entries) counts[state] += 1;
  return counts;
}

/** A sorted copy. Equal rows are in the order of their names, so that the list never jumps. */
export function sortFleet(entries: FleetEntry[], key: SortKey, isReversed = false): FleetEntry[] {
  const direction = isReversed ? -1 : 1;
  return [...entries].sort(
    (a, b) => direction * compareBy(key, a, b) || compareNames(a, b) || compareIds(a, b),
  );
}

function compareBy(key: SortKey, a: FleetEntry, b: FleetEntry): number {
  switch (key) {
    case "urgency":
      return urgencyOf(a.state) - urgencyOf(b.state);
    case "name":
      return compareNames(a, b);
    case "lastSeen":
      return (b.machine.lastSeen ?? 0) - (a.machine.lastSeen ?? 0);
    case "version":
      return compareTexts(a.machine.version ?? "", b.machine.version ?? "");
    default:
      return key satisfies never;
  }
}

// Numbers by value: web-2 stands before web-10.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const compareTexts = (a: string, b: string) => collator.compare(a, b);
const compareNames = (a: FleetEntry, b: FleetEntry) => compareTexts(a.machine.name, b.machine.name);
const compareIds = (a: FleetEntry, b: FleetEntry) =>
  a.machine.machineId < b.machine.machineId ? -1 : 1;
