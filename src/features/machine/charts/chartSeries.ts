/** Which charts a machine has, and how their numbers are written. */
import { formatDecimals, formatPercent } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";
import { type SeriesName } from "../../../../core/rollup.ts";

export interface ChartDefinition {
  title: string;
  lines: readonly { name: SeriesName; label: string; colour: string }[];
  format: (value: number) => string;
  /** The scale's end where it is fixed: percentages are only comparable on one scale. */
  max: number | null;
}

const one = (value: number) => formatDecimals(value, value < 10 ? 1 : 0);
const single = (name: SeriesName, label: string) => [{ name, label, colour: "--accent-ink" }];

export function chartDefinitions({ titles, received, sent }: Texts["charts"]): ChartDefinition[] {
  return [
    { title: titles.cpu, lines: single("cpuUsage", titles.cpu), format: formatPercent, max: 100 },
    {
      title: titles.memory,
      lines: single("memoryUsage", titles.memory),
      format: formatPercent,
      max: 100,
    },
    {
      title: titles.swap,
      lines: single("swapUsage", titles.swap),
      format: formatPercent,
      max: 100,
    },
    {
      title: titles.disk,
      lines: single("diskUsage", titles.disk),
      format: formatPercent,
      max: 100,
    },
    {
      title: titles.network,
      lines: [
        { name: "networkRxBytesPerSecond", label: received, colour: "--accent-ink" },
        { name: "networkTxBytesPerSecond", label: sent, colour: "--online-fill" },
      ],
      format: formatRate,
      max: null,
    },
    { title: titles.load, lines: single("load1", titles.load), format: one, max: null },
    {
      title: titles.temperature,
      lines: single("temperatureC", titles.temperature),
      format: (value) => `${Math.round(value)} °C`,
      max: null,
    },
  ];
}

const units = ["B/s", "kB/s", "MB/s", "GB/s"];

/** Bytes a second in decimal units: "1.5 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  let [value, unit] = [Math.max(0, bytesPerSecond), 0];
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${formatDecimals(value, value >= 10 || unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** "average 42%, highest 91%", or null where there is no number at all. */
export function summaryOf(
  column: { avg: (number | null)[]; max: (number | null)[] },
  { format, summary }: { format: (value: number) => string; summary: Texts["charts"]["summary"] },
): string | null {
  const values = column.avg.filter((value) => value !== null);
  if (values.length === 0) return null;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const highest = [...values, ...column.max.filter((value) => value !== null)].reduce((a, b) =>
    Math.max(a, b),
  );
  return summary(format(average), format(highest));
}
