/** Which charts a machine has, and how their numbers are written. */
import { type SeriesName } from "../../../../core/rollup.ts";

export interface ChartDefinition {
  title: string;
  lines: readonly { name: SeriesName; label: string; colour: string }[];
  format: (value: number) => string;
  /** The scale's end where it is fixed: percentages are only comparable on one scale. */
  max: number | null;
}

const percent = (value: number) => `${Math.round(value)}%`;
const one = (value: number) => value.toFixed(value < 10 ? 1 : 0);
const single = (name: SeriesName, label: string) => [{ name, label, colour: "--accent-ink" }];

export const chartDefinitions: readonly ChartDefinition[] = [
  { title: "CPU", lines: single("cpuUsage", "CPU"), format: percent, max: 100 },
  { title: "Memory", lines: single("memoryUsage", "Memory"), format: percent, max: 100 },
  { title: "Swap", lines: single("swapUsage", "Swap"), format: percent, max: 100 },
  { title: "Disk", lines: single("diskUsage", "Disk"), format: percent, max: 100 },
  {
    title: "Network",
    lines: [
      { name: "networkRxBytesPerSecond", label: "Received", colour: "--accent-ink" },
      { name: "networkTxBytesPerSecond", label: "Sent", colour: "--online-fill" },
    ],
    format: formatRate,
    max: null,
  },
  { title: "Load", lines: single("load1", "Load"), format: one, max: null },
  {
    title: "Temperature",
    lines: single("temperatureC", "Temperature"),
    format: (value) => `${Math.round(value)} °C`,
    max: null,
  },
];

const units = ["B/s", "kB/s", "MB/s", "GB/s"];

/** Bytes a second in decimal units: "1.5 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  let [value, unit] = [Math.max(0, bytesPerSecond), 0];
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** "average 42%, highest 91%", or null where there is no number at all. */
export function summaryOf(
  column: { avg: (number | null)[]; max: (number | null)[] },
  format: (value: number) => string,
): string | null {
  const values = column.avg.filter((value) => value !== null);
  if (values.length === 0) return null;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const highest = [...values, ...column.max.filter((value) => value !== null)].reduce((a, b) =>
    Math.max(a, b),
  );
  return `average ${format(average)}, highest ${format(highest)}`;
}
