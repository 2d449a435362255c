import { useTexts } from "@/hooks/useTexts.ts";
import { formatShortStamp } from "@/lib/format.ts";
import { type PlotProps } from "./Plot.tsx";

/** What the lines of a chart say at the moment under the crosshair, instead of the chart's summary. */
export function ReadOut({ plot, point }: { plot: PlotProps; point: number }) {
  const { charts: texts } = useTexts();
  const { definition, at, columns } = plot;
  const moment = at[point];
  if (moment === undefined) return null;
  return (
    <>
      {definition.lines.map(({ name, label, colour }, index) => {
        const value = columns[index]?.avg[point] ?? null;
        return (
          <span key={name} className="inline-flex items-center gap-1.5 text-xs text-ink">
            <span
              aria-hidden="true"
              className="size-2 rounded-full"
              style={{ background: `var(${colour})` }}
            />
            {definition.lines.length > 1 && <span className="text-ink-faint">{label}</span>}
            <span className="font-semibold">
              {value === null ? texts.noValue : definition.format(value)}
            </span>
          </span>
        );
      })}
      <span className="ml-auto text-xs text-ink-faint">{formatShortStamp(moment)}</span>
    </>
  );
}
