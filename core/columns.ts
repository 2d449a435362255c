/** Points of a chart as columns, the way chart libraries take them, with a row of nulls wherever data is missing. */
import { seriesNames, type Bucket, type SeriesName } from "./rollup.ts";

/** One number or null per point. */
export interface Column {
  avg: (number | null)[];
  /** Empty where each point is a single sample. */
  min: (number | null)[];
  max: (number | null)[];
}

export interface Chart {
  /** Milliseconds since 1970, ascending. */
  at: number[];
  /** Heartbeats in each point; 0 marks a gap. */
  beats: number[];
  /** Only series that have a value somewhere. */
  series: Partial<Record<SeriesName, Column>>;
}

/** A step of nothing after each point that is followed by none for longer than `gapMs`: a chart must not bridge it. */
export function toChart(
  points: Bucket[],
  { stepMs, gapMs, hasRange }: { stepMs: number; gapMs: number; hasRange: boolean },
): Chart {
  const rows: Bucket[] = [];
  for (const point of points) {
    const last = rows.at(-1);
    if (last !== undefined && point.at - last.at > gapMs)
      rows.push({ at: last.at + stepMs, beats: 0 });
    rows.push(point);
  }
  const chart: Chart = {
    at: rows.map(({ at }) => at),
    beats: rows.map(({ beats }) => beats),
    series: {},
  };
  for (const name of seriesNames) {
    if (!rows.some((row) => row[name] !== undefined)) continue;
    const pick = (index: number) => rows.map((row) => row[name]?.[index] ?? null);
    chart.series[name] = {
      avg: pick(1),
      min: hasRange ? pick(0) : [],
      max: hasRange ? pick(2) : [],
    };
  }
  return chart;
}
