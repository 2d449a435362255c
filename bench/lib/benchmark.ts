/** What every benchmark is: bounded work that ends in a table for people and one object for machines. */

export interface BenchmarkResult {
  table: Record<string, Record<string, string | number>>;
  notes: string[];
  json: Record<string, number>;
}

/** `seconds` bounds the measured part; null leaves it to the benchmark. `full` asks for the size that the target names. */
export type Benchmark = (options: {
  seconds: number | null;
  full: boolean;
}) => Promise<BenchmarkResult>;

/** The value below which `share` (0 to 1) of the sorted values lie. */
export function percentile(sorted: readonly number[], share: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[index] ?? Number.NaN;
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
