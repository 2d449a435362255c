/** Rollups of one machine: made once when a bucket is over, and again when samples of it come late. */
import {
  bucketStart,
  mergeBuckets,
  resolutions,
  rollUpSamples,
  type Bucket,
  type Resolution,
} from "../../core/rollup.ts";
import {
  countedMs,
  shortestSilenceMs,
  silencesBetween,
  type Interval,
} from "../../core/silences.ts";
import { DAY, HOUR, SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Exclusions from "./exclusions.ts";
import { timingFor } from "./settings.ts";
import * as StatusChanges from "./statusChanges.ts";
import * as Uptimes from "./uptimes.ts";

/** A machine that floods us fills its bucket with its first samples; no transaction reads more of it. */
const MAX_SAMPLES_PER_BUCKET = 1_000;
/** The longest are kept: short silences matter only where there are few. */
const MAX_SILENCES = { "5m": 30, "1h": 120, "1d": 500 };
/** A sample this close to its receipt was not buffered. */
const DIRECT_WITHIN_MS = 2 * SECOND;

const FIVE_MINUTES = resolutions["5m"].bucketMs;

/** What a larger bucket is made of. */
const parts = { "1h": "5m", "1d": "1h" } as const;

/**
 * Everything that a machine sent in a stretch of whole buckets that ends with its hour or before; the hour, the day
 * (UTC) and its uptime as well, where they are over. Returns how many samples were read.
 */
export async function roll(
  ctx: MutationCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<number> {
  let read = 0;
  for (let at = from; at < to; at += FIVE_MINUTES) {
    const samples = await samplesIn(ctx, machine._id, at);
    read += samples.length;
    if (samples.length > 0) await rollBucket(ctx, { machine, at, samples });
  }
  if (to % HOUR === 0) await merge(ctx, { machine: machine._id, resolution: "1h", at: to - HOUR });
  if (to % DAY === 0) {
    await merge(ctx, { machine: machine._id, resolution: "1d", at: to - DAY });
    await Uptimes.closeDay(ctx, { machine, day: to - DAY });
  }
  return read;
}

/** Makes buckets anew that were made before; silences are a matter of receipt, and stay as they are. */
export async function remake(
  ctx: MutationCtx,
  { machine, from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<void> {
  for (let at = from; at < to; at += FIVE_MINUTES) {
    const samples = await samplesIn(ctx, machine._id, at);
    const bucket = await bucketOf(ctx, machine._id, at, samples);
    if (bucket === null) continue;
    const existing = await find(ctx, machine._id, "5m", at);
    const lastBeatAt = existing?.lastBeatAt ?? (await before(ctx, machine._id, at))?.lastBeatAt;
    await put(ctx, existing, {
      machine: machine._id,
      resolution: "5m",
      ...bucket,
      ...(lastBeatAt === undefined ? {} : { lastBeatAt }),
      ...(existing?.silencesMs === undefined ? {} : { silencesMs: existing.silencesMs }),
    });
  }
}

/** One hour or day of its parts, whether it is there already or not. */
export async function merge(
  ctx: MutationCtx,
  { machine, resolution, at }: { machine: Id<"machines">; resolution: "1h" | "1d"; at: number },
): Promise<void> {
  const part = parts[resolution];
  const { bucketMs } = resolutions[resolution];
  const limit = bucketMs / resolutions[part].bucketMs;
  const rows = await within(ctx, { machine, resolution: part, from: at, to: at + bucketMs, limit });
  const bucket = mergeBuckets(at, rows);
  if (bucket === null) return;
  const silences = rows.flatMap((row) => row.silencesMs ?? []);
  const silencesMs = longest(silences, resolution);
  await put(ctx, await find(ctx, machine, resolution, at), {
    machine,
    resolution,
    ...bucket,
    ...(silencesMs.length === 0 ? {} : { silencesMs }),
  });
}

/** Buckets in ascending order, `limit` at most. */
export async function within(
  ctx: QueryCtx,
  {
    machine,
    resolution,
    from,
    to,
    limit,
  }: { machine: Id<"machines">; resolution: Resolution; limit: number } & Interval,
): Promise<Doc<"rollups">[]> {
  return await ctx.db
    .query("rollups")
    .withIndex("by_machine_and_resolution_and_at", (q) =>
      q.eq("machine", machine).eq("resolution", resolution).gte("at", from).lt("at", to),
    )
    .take(limit);
}

async function rollBucket(
  ctx: MutationCtx,
  { machine, at, samples }: { machine: Doc<"machines">; at: number; samples: Doc<"samples">[] },
): Promise<void> {
  const bucket = await bucketOf(ctx, machine._id, at, samples);
  if (bucket === null) return;
  const previousAt = (await before(ctx, machine._id, at))?.lastBeatAt;
  const receipts = samples.filter(isDirect).map((sample) => sample.at);
  const lastBeatAt = receipts.at(-1) ?? previousAt;
  const silencesMs = await countedSilences(ctx, machine, previousAt, receipts);
  await put(ctx, await find(ctx, machine._id, "5m", at), {
    machine: machine._id,
    resolution: "5m",
    ...bucket,
    ...(lastBeatAt === undefined ? {} : { lastBeatAt }),
    ...(silencesMs.length === 0 ? {} : { silencesMs }),
  });
}

async function bucketOf(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
  samples: Doc<"samples">[],
): Promise<Bucket | null> {
  const hasCounters = samples.some((sample) => sample.networkRxBytes !== undefined);
  return rollUpSamples(at, samples, hasCounters ? await sampleBefore(ctx, machine, at) : null);
}

/** How long each silence counts; planned stops do not count at all. */
async function countedSilences(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  previousAt: number | undefined,
  receipts: number[],
): Promise<number[]> {
  const shortestMs = shortestSilenceMs(timingFor(machine).heartbeatIntervalMs);
  const silences = silencesBetween(previousAt, receipts, shortestMs);
  const lengthsMs: number[] = [];
  for (const silence of silences.slice(0, MAX_SILENCES["1h"])) {
    if (await StatusChanges.hasStop(ctx, machine._id, silence)) continue;
    const exclusions = Exclusions.within(ctx, silence);
    const excluded = [
      ...(await exclusions.outages()),
      ...(await exclusions.maintenanceOf(machine)),
    ];
    const lengthMs = countedMs(silence, excluded);
    if (lengthMs > shortestMs) lengthsMs.push(lengthMs);
  }
  return longest(lengthsMs, "5m");
}

function longest(lengthsMs: number[], resolution: Resolution): number[] {
  return lengthsMs.sort((left, right) => right - left).slice(0, MAX_SILENCES[resolution]);
}

function isDirect({ at, _creationTime }: Doc<"samples">): boolean {
  return Math.abs(_creationTime - at) <= DIRECT_WITHIN_MS;
}

async function samplesIn(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<Doc<"samples">[]> {
  return await ctx.db
    .query("samples")
    .withIndex("by_machine_and_at", (q) =>
      q
        .eq("machine", machine)
        .gte("at", at)
        .lt("at", at + FIVE_MINUTES),
    )
    .take(MAX_SAMPLES_PER_BUCKET);
}

/** The sample ahead of a moment, for the rate of the first after it. */
export async function sampleBefore(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<Doc<"samples"> | null> {
  return await ctx.db
    .query("samples")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", machine).lt("at", at))
    .order("desc")
    .first();
}

async function before(
  ctx: QueryCtx,
  machine: Id<"machines">,
  at: number,
): Promise<Doc<"rollups"> | null> {
  return await ctx.db
    .query("rollups")
    .withIndex("by_machine_and_resolution_and_at", (q) =>
      q.eq("machine", machine).eq("resolution", "5m").lt("at", at),
    )
    .order("desc")
    .first();
}

async function find(
  ctx: QueryCtx,
  machine: Id<"machines">,
  resolution: Resolution,
  at: number,
): Promise<Doc<"rollups"> | null> {
  return await ctx.db
    .query("rollups")
    .withIndex("by_machine_and_resolution_and_at", (q) =>
      q.eq("machine", machine).eq("resolution", resolution).eq("at", at),
    )
    .unique();
}

async function put(
  ctx: MutationCtx,
  existing: Doc<"rollups"> | null,
  row: Omit<Doc<"rollups">, "_id" | "_creationTime">,
): Promise<void> {
  if (existing === null) await ctx.db.insert("rollups", row);
  else await ctx.db.replace("rollups", existing._id, row);
}

/** The whole buckets that a stretch of time touches. */
export function bucketsAround({ from, to }: Interval, bucketMs = FIVE_MINUTES): Interval {
  return { from: bucketStart(from, bucketMs), to: bucketStart(to, bucketMs) + bucketMs };
}
