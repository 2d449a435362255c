/** How versions spread over a fleet. What runs now is counted by versionCounts.ts. */
import type { Interval } from "./silences.ts";

/** null: the machine never said. */
export type Version = string | null;

export interface VersionChange {
  at: number;
  from: Version;
  to: Version;
  machines: number;
}

export interface RollOut {
  versions: Version[];
  /** In ascending order; `machines` has one count per version. */
  points: { at: number; machines: number[] }[];
}

/**
 * How versions spread: today's counts, rewound change by change (in ascending order) from `to` to `from`. A machine's
 * first report comes from null, and so do machines that are new.
 */
export function rollOut(
  current: { version: Version; machines: number }[],
  changes: VersionChange[],
  { from, to }: Interval,
  steps = 60,
): RollOut {
  const counts = new Map<Version, number>(current.map((row) => [row.version, row.machines]));
  for (const change of changes) {
    for (const version of [change.from, change.to]) counts.set(version, counts.get(version) ?? 0);
  }
  const versions = [...counts.keys()].filter((version) => version !== null);
  const points: RollOut["points"] = [];
  let next = changes.length - 1;
  for (let step = steps; step >= 0; step--) {
    const at = from + ((to - from) * step) / steps;
    for (; next >= 0; next--) {
      const change = changes[next];
      if (change === undefined || change.at <= at) break;
      counts.set(change.to, (counts.get(change.to) ?? 0) - change.machines);
      counts.set(change.from, (counts.get(change.from) ?? 0) + change.machines);
    }
    points.unshift({ at, machines: versions.map((version) => counts.get(version) ?? 0) });
  }
  return { versions, points };
}
