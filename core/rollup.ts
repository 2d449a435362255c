/**
 * Makes few numbers out of many: the samples of a stretch of time become one bucket with least, average, greatest and
 * count of each series, and buckets become larger buckets. Pure; who stores them is model/rollups.ts.
 */
import { DAY, HOUR, MINUTE, SECOND } from "./time.ts";

export const resolutions = {
  "5m": { bucketMs: 5 * MINUTE },
  "1h": { bucketMs: HOUR },
  "1d": { bucketMs: DAY },
} as const;
export type Resolution = keyof typeof resolutions;

/** What can be drawn. Network is a rate here: counters since boot say nothing when averaged. */
export const seriesNames = [
  "cpuUsage",
  "memoryUsage",
  "swapUsage",
  "diskUsage",
  "load1",
  "temperatureC",
  "containerCount",
  "uptimeSeconds",
  "networkRxBytesPerSecond",
  "networkTxBytesPerSecond",
] as const;
export type SeriesName = (typeof seriesNames)[number];

const gauges = [
  "cpuUsage",
  "memoryUsage",
  "swapUsage",
  "diskUsage",
  "load1",
  "temperatureC",
  "containerCount",
  "uptimeSeconds",
] as const;
const counters = {
  networkRxBytesPerSecond: "networkRxBytes",
  networkTxBytesPerSecond: "networkTxBytes",
} as const;
type Metric = (typeof gauges)[number] | (typeof counters)[keyof typeof counters];

/** Least, average, greatest, and how many values: an array, since millions of them are stored. */
export type Stats = number[];

/** What one heartbeat measured; `at` in milliseconds since 1970. */
export type Sample = { at: number } & { [metric in Metric]?: number | undefined };

/** What a stretch of time held. A series without a value in it is absent. */
export type Bucket = { at: number; beats: number } & { [name in SeriesName]?: Stats | undefined };

/** Two counters further apart than this tell nothing about the traffic in between. */
const MAX_RATE_SPAN_MS = HOUR;
/** Percent with three decimals is more than any sensor knows, and stores in half the space. */
const PRECISION = 1_000;

/** The start of the bucket that a moment belongs to. */
export function bucketStart(at: number, bucketMs: number): number {
  return Math.floor(at / bucketMs) * bucketMs;
}

/** The series of each sample, oldest first. `before` is the sample ahead of the first, for its rates. */
export function seriesOf(
  samples: Sample[],
  before: Sample | null,
): { at: number; values: Partial<Record<SeriesName, number>> }[] {
  return samples.map((sample, index) => {
    const previous = samples[index - 1] ?? before;
    const values: Partial<Record<SeriesName, number>> = {};
    for (const name of gauges) {
      const value = sample[name];
      if (value !== undefined) values[name] = value;
    }
    for (const [name, counter] of Object.entries(counters) as [
      keyof typeof counters,
      (typeof counters)[keyof typeof counters],
    ][]) {
      const rate = previous === null ? null : rateBetween(previous, sample, counter);
      if (rate !== null) values[name] = rate;
    }
    return { at: sample.at, values };
  });
}

/** One bucket of all samples, oldest first, or null where there are none. */
export function rollUpSamples(
  at: number,
  samples: Sample[],
  before: Sample | null = null,
): Bucket | null {
  if (samples.length === 0) return null;
  const rows = seriesOf(samples, before);
  const bucket: Bucket = { at, beats: samples.length };
  for (const name of seriesNames) {
    const values = rows.flatMap((row) => row.values[name] ?? []);
    if (values.length > 0) bucket[name] = statsOf(values);
  }
  return bucket;
}

/** One larger bucket of several, or null where there are none. Averages are weighted by their counts. */
export function mergeBuckets(at: number, buckets: Bucket[]): Bucket | null {
  if (buckets.length === 0) return null;
  const merged: Bucket = { at, beats: buckets.reduce((sum, { beats }) => sum + beats, 0) };
  for (const name of seriesNames) {
    const parts = buckets.flatMap((bucket) => (bucket[name] === undefined ? [] : [bucket[name]]));
    if (parts.length > 0) merged[name] = mergeStats(parts);
  }
  return merged;
}

function rateBetween(
  previous: Sample,
  sample: Sample,
  counter: (typeof counters)[keyof typeof counters],
): number | null {
  const [from, to] = [previous[counter], sample[counter]];
  const elapsedMs = sample.at - previous.at;
  if (from === undefined || to === undefined) return null;
  // A smaller counter means that the machine booted in between.
  if (to < from || elapsedMs <= 0 || elapsedMs > MAX_RATE_SPAN_MS) return null;
  return rounded((to - from) / (elapsedMs / SECOND));
}

function statsOf(values: number[]): Stats {
  let [least, sum, greatest] = [Infinity, 0, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
  }
  return [rounded(least), rounded(sum / values.length), rounded(greatest), values.length];
}

function mergeStats(parts: Stats[]): Stats {
  let [least, sum, greatest, count] = [Infinity, 0, -Infinity, 0];
  for (const [min = Infinity, avg = 0, max = -Infinity, size = 0] of parts) {
    least = Math.min(least, min);
    greatest = Math.max(greatest, max);
    sum += avg * size;
    count += size;
  }
  return [least, rounded(sum / count), greatest, count];
}

function rounded(value: number): number {
  return Math.round(value * PRECISION) / PRECISION;
}
