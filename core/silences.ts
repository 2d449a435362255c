/** Silences: the times between two heartbeats that were longer than usual, and what a threshold would make of them. */
import { MINUTE } from "./time.ts";

/** A heartbeat that comes after one and a half intervals is late, as core/status.ts sees it. */
const SILENCE_INTERVALS = 1.5;

export interface Interval {
  from: number;
  to: number;
}

/** The shortest silence worth remembering for a machine that beats this often (milliseconds). */
export function shortestSilenceMs(heartbeatIntervalMs: number): number {
  return heartbeatIntervalMs * SILENCE_INTERVALS;
}

/** The silences between receipts in ascending order; `previousAt` is the receipt ahead of the first. */
export function silencesBetween(
  previousAt: number | undefined,
  receipts: number[],
  shortestMs: number,
): Interval[] {
  const all = previousAt === undefined ? receipts : [previousAt, ...receipts];
  return all
    .map((to, index) => ({ from: all[index - 1] ?? to, to }))
    .filter(({ from, to }) => to - from > shortestMs);
}

/** What is left of an interval without others, in order. */
export function without(interval: Interval, excluded: Interval[]): Interval[] {
  let pieces = [interval];
  for (const { from, to } of excluded) {
    pieces = pieces.flatMap((piece) => [
      { from: piece.from, to: Math.min(piece.to, from) },
      { from: Math.max(piece.from, to), to: piece.to },
    ]);
    pieces = pieces.filter((piece) => piece.to > piece.from);
  }
  return pieces;
}

/** How long a silence counts: its longest piece, since every exclusion starts the wait anew. */
export function countedMs(silence: Interval, excluded: Interval[]): number {
  return Math.max(0, ...without(silence, excluded).map(({ from, to }) => to - from));
}

export interface WhatIf {
  alerts: number;
  /** Alerts that would have ended within a minute: noise, mostly. */
  underAMinute: number;
}

/** What a threshold would have made of silences (milliseconds). */
export function whatIf(silencesMs: number[], thresholdMs: number): WhatIf {
  const alerts = silencesMs.filter((durationMs) => durationMs > thresholdMs);
  const underAMinute = alerts.filter((durationMs) => durationMs - thresholdMs < MINUTE).length;
  return { alerts: alerts.length, underAMinute };
}
