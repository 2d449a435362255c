import { describe, expect, test } from "vitest";
import { toChart } from "../../core/columns.ts";
import { bucketStart, mergeBuckets, rollUpSamples, seriesOf } from "../../core/rollup.ts";
import { MINUTE, SECOND } from "../../core/time.ts";

const at = 1_800_000_000_000;

test("a moment belongs to the bucket that starts at or before it", () => {
  expect(bucketStart(at, 5 * MINUTE)).toBe(at);
  expect(bucketStart(at + 5 * MINUTE - 1, 5 * MINUTE)).toBe(at);
  expect(bucketStart(at + 5 * MINUTE, 5 * MINUTE)).toBe(at + 5 * MINUTE);
});

describe("a bucket of samples", () => {
  test("S4.3 holds least, average, greatest and count of each metric", () => {
    const samples = [10, 40, 25].map((cpuUsage, index) => ({ at: at + index, cpuUsage }));
    expect(rollUpSamples(at, samples)).toEqual({ at, beats: 3, cpuUsage: [10, 25, 40, 3] });
  });

  test("counts only the samples that measured a metric", () => {
    const bucket = rollUpSamples(at, [{ at }, { at: at + 1, load1: 2 }]);
    expect(bucket).toEqual({ at, beats: 2, load1: [2, 2, 2, 1] });
  });

  test("does not exist without samples", () => {
    expect(rollUpSamples(at, [])).toBeNull();
  });
});

describe("network", () => {
  const counter = (seconds: number, networkRxBytes: number) => ({
    at: at + seconds * SECOND,
    networkRxBytes,
  });

  test("is a rate between two counters, also across the start of a bucket", () => {
    const rows = seriesOf([counter(30, 3_000), counter(60, 9_000)], counter(0, 0));
    expect(rows.map(({ values }) => values.networkRxBytesPerSecond)).toEqual([100, 200]);
  });

  test("is unknown after a reboot, which starts the counter anew", () => {
    const [first] = seriesOf([counter(30, 10)], counter(0, 3_000));
    expect(first?.values).toEqual({});
  });

  test("is unknown across a day of silence", () => {
    const [first] = seriesOf([counter(86_400, 9_000_000)], counter(0, 0));
    expect(first?.values).toEqual({});
  });
});

test("an hour weighs its buckets by their counts", () => {
  const merged = mergeBuckets(at, [
    { at, beats: 9, cpuUsage: [0, 10, 20, 9] },
    { at: at + 5 * MINUTE, beats: 2, cpuUsage: [50, 60, 70, 1] },
  ]);
  expect(merged).toEqual({ at, beats: 11, cpuUsage: [0, 15, 70, 10] });
  expect(mergeBuckets(at, [])).toBeNull();
});

describe("a chart", () => {
  const point = (minutes: number, cpu: number) => ({
    at: at + minutes * MINUTE,
    beats: 1,
    cpuUsage: [cpu, cpu, cpu, 1],
  });
  const options = { stepMs: 5 * MINUTE, gapMs: 7.5 * MINUTE, hasRange: false };

  test("keeps a gap as a gap", () => {
    const chart = toChart([point(0, 1), point(5, 2), point(30, 3)], options);
    expect(chart.at).toEqual([0, 5, 10, 30].map((minutes) => at + minutes * MINUTE));
    expect(chart.beats).toEqual([1, 1, 0, 1]);
    expect(chart.series.cpuUsage?.avg).toEqual([1, 2, null, 3]);
  });

  test("has columns only for what was measured", () => {
    expect(Object.keys(toChart([point(0, 1)], options).series)).toEqual(["cpuUsage"]);
  });

  test("tells the range where points are averages", () => {
    const row = { at, beats: 2, cpuUsage: [1, 2, 3, 2] };
    expect(toChart([row], { ...options, hasRange: true }).series.cpuUsage).toEqual({
      avg: [2],
      min: [1],
      max: [3],
    });
  });
});
