/** What another threshold would have meant: counted from the silences that the rollups remember. */
import { resolutions, type Resolution } from "../../core/rollup.ts";
import { shortestSilenceMs, whatIf, type WhatIf } from "../../core/silences.ts";
import { DAY } from "../../core/time.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as Rollups from "./rollups.ts";
import { timingFor } from "./settings.ts";

const SPAN_MS = 30 * DAY;

export interface Comparison {
  /** Until where silences are known; five minutes behind at most. */
  until: number;
  days: number;
  asked: WhatIf & { thresholdMs: number };
  current: WhatIf & { thresholdMs: number };
  /** Shorter thresholds than this alert for heartbeats that are merely late: too few are counted. */
  shortestMs: number;
}

/** The thirty days up to the last rollup, read as days, hours and five minutes: some eighty rows. */
export async function compare(
  ctx: QueryCtx,
  { machine, thresholdMs }: { machine: Doc<"machines">; thresholdMs: number },
): Promise<Comparison> {
  const { heartbeatIntervalMs, offlineThresholdMs } = timingFor(machine);
  const last = await lastRollup(ctx, machine);
  const until = last === null ? machine._creationTime : last.at + resolutions["5m"].bucketMs;
  const from = Math.max(until - SPAN_MS, machine._creationTime);
  const silencesMs = await silencesSince(ctx, machine, until - SPAN_MS, until);
  const of = (asked: number) => ({ thresholdMs: asked, ...whatIf(silencesMs, asked) });
  return {
    until,
    days: Math.ceil((until - from) / DAY),
    asked: of(thresholdMs),
    current: of(offlineThresholdMs),
    shortestMs: shortestSilenceMs(heartbeatIntervalMs),
  };
}

async function silencesSince(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  start: number,
  until: number,
): Promise<number[]> {
  const silencesMs: number[] = [];
  let from = start;
  // Each resolution goes on where the coarser one ends.
  for (const resolution of ["1d", "1h", "5m"] satisfies Resolution[]) {
    const { bucketMs } = resolutions[resolution];
    const end = Math.floor(until / bucketMs) * bucketMs;
    const limit = Math.ceil((end - from) / bucketMs) + 1;
    if (limit <= 1) continue;
    const args = { machine: machine._id, resolution, from, to: end, limit };
    const rows = await Rollups.within(ctx, args);
    silencesMs.push(...rows.flatMap((row) => row.silencesMs ?? []));
    from = end;
  }
  return silencesMs;
}

async function lastRollup(ctx: QueryCtx, machine: Doc<"machines">): Promise<Doc<"rollups"> | null> {
  return await ctx.db
    .query("rollups")
    .withIndex("by_machine_and_resolution_and_at", (q) =>
      q.eq("machine", machine._id).eq("resolution", "5m"),
    )
    .order("desc")
    .first();
}
