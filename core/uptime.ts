/**
 * Uptime from status changes: what a machine was when, what of that counts, and how it is drawn. Up and down count;
 * planned stops, waiting, downtime in maintenance and our own outages do not.
 */
import type { Interval } from "./silences.ts";
import type { StatusReason } from "./status.ts";

/** `unknown`: the monitor itself was away. */
export type Condition = "up" | "down" | "stopped" | "waiting" | "maintenance" | "unknown";

export interface Segment extends Interval {
  condition: Condition;
}

export interface Change {
  at: number;
  reason: StatusReason;
}

/** One letter per cell of a bar: `p` is partly down, `g` a gap of the monitor's own. */
export const cellLetters = {
  up: "u",
  partly: "p",
  down: "d",
  stopped: "s",
  waiting: "w",
  maintenance: "m",
  unknown: "g",
} as const;

export function conditionOf(reason: StatusReason): Condition {
  switch (reason) {
    case "heartbeat":
      return "up";
    case "silence":
      return "down";
    case "shutdown":
    case "reboot":
    case "upgrade":
      return "stopped";
    case "waiting":
      return "waiting";
    default:
      return reason satisfies never;
  }
}

/** From the condition at the start and the changes after it, in ascending order. Neighbours that are alike are one. */
export function segmentsOf(
  initial: Condition,
  changes: Change[],
  { from, to }: Interval,
): Segment[] {
  const segments: Segment[] = [{ from, to, condition: initial }];
  for (const { at, reason } of changes) {
    const condition = conditionOf(reason);
    const last = segments.at(-1);
    if (last === undefined || last.condition === condition || at >= to) continue;
    last.to = Math.max(last.from, at);
    segments.push({ from: last.to, to, condition });
  }
  return segments.filter((segment) => segment.to > segment.from);
}

/** The segments with `condition` laid over some intervals, wherever `isCovered` lets it. */
export function overlay(
  segments: Segment[],
  intervals: Interval[],
  condition: Condition,
  isCovered: (condition: Condition) => boolean = () => true,
): Segment[] {
  let result = segments;
  for (const interval of intervals) {
    result = result.flatMap((segment) => {
      if (!isCovered(segment.condition)) return [segment];
      const from = Math.max(segment.from, interval.from);
      const to = Math.min(segment.to, interval.to);
      if (from >= to) return [segment];
      const pieces = [
        { ...segment, to: from },
        { from, to, condition },
        { ...segment, from: to },
      ];
      return pieces.filter((piece) => piece.to > piece.from);
    });
  }
  return result;
}

/** Milliseconds in each condition within an interval. */
export function tally(segments: Segment[], { from, to }: Interval): Record<Condition, number> {
  const sums = { up: 0, down: 0, stopped: 0, waiting: 0, maintenance: 0, unknown: 0 };
  for (const segment of segments) {
    const lengthMs = Math.min(segment.to, to) - Math.max(segment.from, from);
    if (lengthMs > 0) sums[segment.condition] += lengthMs;
  }
  return sums;
}

/** The share of the time that counts in which the machine was up, 0 to 1; null where no time counts. */
export function uptimeOf({ up, down }: { up: number; down: number }): number | null {
  return up + down === 0 ? null : up / (up + down);
}

/** A bar of equal cells, one letter each. */
export function cellsOf(segments: Segment[], { from, to }: Interval, count: number): string {
  const cellMs = (to - from) / count;
  return Array.from({ length: count }, (_unused, index) => {
    const start = from + index * cellMs;
    return cellLetters[cellOf(tally(segments, { from: start, to: start + cellMs }))];
  }).join("");
}

/** What one cell shows: any downtime before anything else, then up, then whatever lasted longest. */
export function cellOf(sums: Record<Condition, number>): keyof typeof cellLetters {
  if (sums.down > 0) return sums.up > 0 ? "partly" : "down";
  if (sums.up > 0) return "up";
  const rest = ["unknown", "maintenance", "stopped", "waiting"] as const;
  return rest.reduce((longest, next) => (sums[next] > sums[longest] ? next : longest), "waiting");
}
