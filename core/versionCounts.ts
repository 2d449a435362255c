/** How many machines run which version, added up from parts of a fleet (S0.7). */

export interface VersionCount {
  /** Null for machines that never said. */
  version: string | null;
  machines: number;
  /** The most recent among them, milliseconds since 1970. */
  lastHeartbeatAt: number | null;
}

/** One row per version, the most common first. */
export function mergeVersionCounts(parts: readonly VersionCount[]): VersionCount[] {
  const counts = new Map<string | null, VersionCount>();
  for (const { version, machines, lastHeartbeatAt } of parts) {
    const sum = counts.get(version);
    counts.set(version, {
      version,
      machines: machines + (sum?.machines ?? 0),
      lastHeartbeatAt: latest(lastHeartbeatAt, sum?.lastHeartbeatAt ?? null),
    });
  }
  return [...counts.values()].sort(
    (left, right) =>
      right.machines - left.machines || compare(left.version ?? "", right.version ?? ""),
  );
}

function latest(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.max(left, right);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
