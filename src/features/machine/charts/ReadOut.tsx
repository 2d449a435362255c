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
    <span className="flex flex-wrap items-baseline gap-x-2">
      {definition.lines.map(({ name, label, colour }, index) => {
        const value = columns[index]?.avg[point] ?? null;
        return (
          <span key={name} className="inline-flex items-center gap-1.5 text-xs text-ink">
            <Dot colour={colour} />
            {definition.lines.length > 1 && <span className="text-ink-faint">{label}</span>}
            <span className="font-semibold">
              {value === null ? texts.noValue : definition.format(value)}
            </span>
          </span>
        );
      })}
      <span className="ml-auto text-xs text-ink-faint">{formatShortStamp(moment)}</span>
    </span>
  );
}

/** Which line is meant: the name of its colour's token. */
export function Dot({ colour }: { colour: string }) {
  return (
    <span
      aria-hidden="true"
      className="size-2 shrink-0 rounded-full"
      style={{ background: `var(${colour})` }}
    />
  );
}
