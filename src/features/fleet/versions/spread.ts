/** How versions spread over the listed fleet, ready to be drawn. Pure. */
import {
  rollOut,
  type RollOut,
  type Version,
  type VersionChange,
} from "../../../../core/versions.ts";
import { compareVersions } from "../filterQuery.ts";
import { type FleetEntry } from "../fleetView.ts";

/** Versions with a band of their own; older ones share the last. */
const MAX_BANDS = 6;
const STEPS = 56;

export interface Band {
  /** Null for all versions that are older than those with a band of their own. */
  version: string | null;
  now: number;
  /** What was added since the beginning; negative where machines left it. */
  gained: number;
  /** One count per moment, in ascending order. */
  machines: number[];
}

export interface Spread {
  /** Newest version first. */
  bands: Band[];
  /** The most machines at any moment: the top of the picture. */
  most: number;
  /** Machines that never said what they run. */
  silent: number;
}

export function spreadOf(
  entries: FleetEntry[],
  changes: VersionChange[],
  stretch: { from: number; to: number },
): Spread {
  const counts = new Map<Version, number>();
  for (const { machine } of entries) {
    counts.set(machine.version, (counts.get(machine.version) ?? 0) + 1);
  }
  const current = [...counts].map(([version, machines]) => ({ version, machines }));
  const rolled = rollOut(current, changes, stretch, STEPS);
  const bands = bandsOf(rolled);
  const totals = rolled.points.map((_, step) =>
    bands.reduce((sum, { machines }) => sum + (machines[step] ?? 0), 0),
  );
  return { bands, most: Math.max(1, ...totals), silent: counts.get(null) ?? 0 };
}

function bandsOf({ versions, points }: RollOut): Band[] {
  const all = versions
    .flatMap((version, index) => {
      // A machine that was deleted meanwhile is in the changes but not in today's counts.
      const machines = points.map((point) => Math.max(0, point.machines[index] ?? 0));
      return version === null || machines.every((count) => count === 0)
        ? []
        : [bandOf(version, machines)];
    })
    .sort((a, b) => compareVersions(b.version ?? "", a.version ?? ""));
  if (all.length <= MAX_BANDS) return all;
  const older = all.slice(MAX_BANDS - 1);
  const shared = points.map((_, step) =>
    older.reduce((sum, { machines }) => sum + (machines[step] ?? 0), 0),
  );
  return [...all.slice(0, MAX_BANDS - 1), bandOf(null, shared)];
}

function bandOf(version: string | null, machines: number[]): Band {
  const now = machines.at(-1) ?? 0;
  return { version, now, gained: now - (machines[0] ?? 0), machines };
}
