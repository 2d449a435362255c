/** Which machines a parsed filter keeps. Pure: the caller brings the time. */
import { type Pulse } from "@/lib/backend.ts";
import { isLiveList } from "@/lib/machineState.ts";
import {
  type Comparison,
  compareVersions,
  type Metric,
  type ParsedQuery,
  satisfies,
  type TextField,
} from "./filterQuery.ts";
import { type FleetEntry } from "./fleetView.ts";

export interface FilterContext {
  now: number;
  pulses: ReadonlyMap<string, Pulse>;
}

export function filterFleet(
  entries: FleetEntry[],
  { terms }: ParsedQuery,
  { now, pulses }: FilterContext,
): FleetEntry[] {
  if (terms.length === 0) return entries;
  const isLive = isLiveList(entries.length);
  return entries.filter((entry) =>
    terms.every(
      ({ comparison, isNegated }) =>
        matches(entry, comparison, {
          silentMs: silenceOf(entry, now, isLive),
          pulse: pulses.get(entry.machine.machineId),
        }) !== isNegated,
    ),
  );
}

/** Whether the answer changes by time alone. */
export function dependsOnTime({ terms }: ParsedQuery): boolean {
  return terms.some(({ comparison }) => comparison.kind === "seen");
}

interface Facts {
  silentMs: number;
  pulse: Pulse | undefined;
}

function matches(entry: FleetEntry, comparison: Comparison, facts: Facts): boolean {
  const { machine, state } = entry;
  switch (comparison.kind) {
    case "text":
      return haystack(entry).includes(comparison.text);
    case "status":
      // "down" and "up" are what people say.
      return comparison.words.some(
        (word) => state === (word === "down" ? "offline" : word === "up" ? "online" : word),
      );
    case "is":
      return (comparison.what === "paused" ? machine.pausedAt : machine.clashedAt) !== null;
    case "field":
      return valuesOf(entry, comparison.field).some((value) =>
        comparison.isExact
          ? value === comparison.text
          : comparison.field === "tag"
            ? value.startsWith(comparison.text)
            : value.includes(comparison.text),
      );
    case "version":
      if (machine.version === null) return false;
      return comparison.operator === ":"
        ? machine.version.toLowerCase().startsWith(comparison.text)
        : satisfies(compareVersions(machine.version, comparison.text), comparison.operator);
    case "seen":
      return facts.silentMs > comparison.durationMs === comparison.isLonger;
    case "metric": {
      const percent = metricOf(facts.pulse, comparison.metric);
      return percent !== null && satisfies(percent - comparison.percent, comparison.operator);
    }
    default:
      return comparison satisfies never;
  }
}

export function metricOf(pulse: Pulse | undefined, metric: Metric): number | null {
  if (pulse === undefined) return null;
  switch (metric) {
    case "cpu":
      return pulse.cpuUsage;
    case "memory":
      return pulse.memoryUsage;
    case "disk":
      return pulse.diskUsage;
    default:
      return metric satisfies never;
  }
}

/** In a big list an online machine's row says when it came, not when it last beat: it beats now, or it were offline. */
function silenceOf({ machine }: FleetEntry, now: number, isLive: boolean): number {
  if (machine.lastSeen === null) return Infinity;
  return !isLive && machine.status === "online" ? 0 : now - machine.lastSeen;
}

function valuesOf({ machine }: FleetEntry, field: TextField): string[] {
  switch (field) {
    case "tag":
      return machine.tags.map((tag) => tag.toLowerCase());
    case "name":
      return [machine.name.toLowerCase()];
    case "host":
      return [(machine.hostname ?? "").toLowerCase()];
    case "os":
      return [(machine.os ?? "").toLowerCase()];
    case "ip":
      return [(machine.ipAddress ?? "").toLowerCase()];
    default:
      return field satisfies never;
  }
}

// Ten thousand rows are searched with every key: their texts are joined and lowered once. Rows are never changed.
const haystacks = new WeakMap<FleetEntry, string>();

function haystack(entry: FleetEntry): string {
  const known = haystacks.get(entry);
  if (known !== undefined) return known;
  const { machine, state } = entry;
  const text = [machine.name, machine.description, machine.hostname, machine.version, state]
    .concat(machine.tags)
    .join("\n")
    .toLowerCase();
  haystacks.set(entry, text);
  return text;
}
