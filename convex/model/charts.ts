/** What a machine's charts show: samples where they are kept and few, rollups otherwise, in bounded reads. */
import { toChart, type Chart } from "../../core/columns.ts";
import {
  mergeBuckets,
  resolutions,
  seriesOf,
  type Bucket,
  type Resolution,
} from "../../core/rollup.ts";
import type { Interval } from "../../core/silences.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { checkStretch } from "./instants.ts";
import * as Rollups from "./rollups.ts";
import { timingFor } from "./settings.ts";

/** More points than pixels help nobody. */
export const MAX_POINTS = 1_000;
/** Rows read for one answer; buckets are merged where this is more than the points. */
const MAX_ROWS = 3_000;
/** Heartbeats this many intervals apart have a gap between them. */
const GAP_INTERVALS = 2.5;
const GAP_BUCKETS = 1.5;

export type ChartResolution = "raw" | Resolution;

export interface Range extends Chart {
  resolution: ChartResolution;
  /** The time that a point stands for, from its `at` on; the machine's interval where a point is one sample. */
  stepMs: number;
}

/** @throws AppError invalid where the stretch of time is none. */
export async function range(
  ctx: QueryCtx,
  {
    machine,
    from,
    to,
    resolution,
  }: { machine: Doc<"machines">; resolution?: ChartResolution | undefined } & Interval,
): Promise<Range> {
  checkStretch({ from, to });
  const wanted = resolution ?? (await fitting(ctx, { machine, from, to }));
  return wanted === "raw"
    ? await samples(ctx, { machine, from, to })
    : await rollups(ctx, { machine, from, to, resolution: wanted });
}

/** The finest resolution that is short enough and reaches back far enough. */
async function fitting(
  ctx: QueryCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<ChartResolution> {
  const spanMs = to - from;
  const [sample, five, hour] = await Promise.all([
    firstSample(ctx, { machine, from, to }),
    firstRollup(ctx, { machine, from, to, resolution: "5m" }),
    firstRollup(ctx, { machine, from, to, resolution: "1h" }),
  ]);
  const fiveMs = resolutions["5m"].bucketMs;
  const { heartbeatIntervalMs } = timingFor(machine);
  const reachesBack = (own: number | undefined, coarser: number | undefined, stepMs: number) =>
    coarser === undefined || (own !== undefined && own < coarser + stepMs);
  const isRawShort = spanMs / heartbeatIntervalMs <= MAX_POINTS;
  if (isRawShort && reachesBack(sample?.at, five?.at ?? hour?.at, fiveMs)) return "raw";
  const isShort = (length: Resolution) => spanMs / resolutions[length].bucketMs <= MAX_ROWS;
  if (isShort("5m") && reachesBack(five?.at, hour?.at, resolutions["1h"].bucketMs)) return "5m";
  return isShort("1h") ? "1h" : "1d";
}

async function samples(
  ctx: QueryCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<Range> {
  const rows = await ctx.db
    .query("samples")
    .withIndex("by_machine_and_at", (q) =>
      q.eq("machine", machine._id).gte("at", from).lt("at", to),
    )
    .take(MAX_ROWS);
  if (rows.length > MAX_POINTS) return await rollups(ctx, { machine, from, to, resolution: "5m" });
  const before = await Rollups.sampleBefore(ctx, machine._id, from);
  const points = seriesOf(rows, before).map(({ at, values }): Bucket => ({
    at,
    beats: 1,
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, [value, value, value, 1]]),
    ),
  }));
  const { heartbeatIntervalMs } = timingFor(machine);
  const gapMs = heartbeatIntervalMs * GAP_INTERVALS;
  const chart = toChart(points, { stepMs: heartbeatIntervalMs, gapMs, hasRange: false });
  return { resolution: "raw", stepMs: heartbeatIntervalMs, ...chart };
}

async function rollups(
  ctx: QueryCtx,
  {
    machine,
    from,
    to,
    resolution,
  }: { machine: Doc<"machines">; resolution: Resolution } & Interval,
): Promise<Range> {
  const { bucketMs } = resolutions[resolution];
  const bucketsPerPoint = Math.ceil((to - from) / bucketMs / MAX_POINTS);
  const stepMs = bucketMs * bucketsPerPoint;
  const start = Math.floor(from / stepMs) * stepMs;
  const stretch = { from: Math.max(start, to - MAX_ROWS * bucketMs), to };
  const rows = await Rollups.within(ctx, {
    machine: machine._id,
    resolution,
    ...stretch,
    limit: MAX_ROWS,
  });
  const gapMs = Math.max(
    stepMs * GAP_BUCKETS,
    timingFor(machine).heartbeatIntervalMs * GAP_INTERVALS,
  );
  const chart = toChart(merge(rows, stepMs), { stepMs, gapMs, hasRange: true });
  return { resolution, stepMs, ...chart };
}

/** Buckets of a multiple of their length. */
function merge(rows: Bucket[], stepMs: number): Bucket[] {
  const groups = new Map<number, Bucket[]>();
  for (const row of rows) {
    const at = Math.floor(row.at / stepMs) * stepMs;
    groups.set(at, [...(groups.get(at) ?? []), row]);
  }
  return [...groups].flatMap(([at, group]) => mergeBuckets(at, group) ?? []);
}

async function firstSample(
  ctx: QueryCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<Doc<"samples"> | null> {
  return await ctx.db
    .query("samples")
    .withIndex("by_machine_and_at", (q) =>
      q.eq("machine", machine._id).gte("at", from).lt("at", to),
    )
    .first();
}

async function firstRollup(
  ctx: QueryCtx,
  {
    machine,
    from,
    to,
    resolution,
  }: { machine: Doc<"machines">; resolution: Resolution } & Interval,
): Promise<Doc<"rollups"> | undefined> {
  const [first] = await Rollups.within(ctx, {
    machine: machine._id,
    resolution,
    from,
    to,
    limit: 1,
  });
  return first;
}
