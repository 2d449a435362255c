import { ZoomOut } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { EmptyView, ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatShortStamp } from "@/lib/format.ts";
import { chartDefinitions, summaryOf } from "./chartSeries.ts";
import { Plot, type PlotProps } from "./Plot.tsx";
import { Dot, ReadOut } from "./ReadOut.tsx";
import { StatusTimeline } from "./StatusTimeline.tsx";
import { type ChartRange, presets, useChartRange } from "./useChartRange.ts";

/** A machine's numbers over time: what was measured, where nothing was, and what happened meanwhile. */
export function MachineCharts({ machineId, onRetry }: { machineId: string; onRetry: () => void }) {
  const { charts: texts } = useTexts();
  const range = useChartRange();
  const { from, to } = range;
  const samples = useLiveQuery(api.samples.range, { machineId, from, to });
  const timeline = useKept(useLiveQuery(api.history.timeline, { machineId, from, to }).data);
  const chart = useKept(samples.data);
  const { zoomTo, zoomOut } = range;
  const plots = useMemo((): PlotProps[] => {
    if (chart === undefined) return [];
    const incidents = (timeline?.incidents ?? []).map(({ openedAt, closedAt }) => ({
      from: openedAt,
      to: closedAt ?? to,
    }));
    return chartDefinitions(texts)
      .filter(({ lines }) => lines.some(({ name }) => chart.series[name] !== undefined))
      .map((definition) => ({
        definition,
        at: chart.at,
        columns: definition.lines.map(({ name }) => chart.series[name] ?? noColumn(chart.at)),
        stretch: { from, to },
        incidents,
        outages: timeline?.outages ?? [],
        onZoom: zoomTo,
        onZoomOut: zoomOut,
      }));
  }, [chart, timeline, texts, from, to, zoomTo, zoomOut]);
  return (
    <Card
      title={texts.title}
      description={
        range.isZoomed ? `${formatShortStamp(from)} – ${formatShortStamp(to)}` : texts.live
      }
      action={<RangeChoice range={range} />}
    >
      {timeline !== undefined && <StatusTimeline segments={timeline.segments} stretch={range} />}
      {samples.error !== null ? (
        <ErrorView title={texts.failed} error={samples.error} onRetry={onRetry} />
      ) : chart === undefined ? (
        <ChartsLoading />
      ) : plots.length === 0 ? (
        <EmptyView title={texts.nothing}>{texts.nothingLead}</EmptyView>
      ) : (
        <div className="grid gap-px overflow-hidden rounded-b-lg bg-line md:grid-cols-2 md:[&>figure:last-child:nth-child(odd)]:col-span-2">
          {plots.map((plot) => (
            <Chart key={plot.definition.title} plot={plot} />
          ))}
        </div>
      )}
    </Card>
  );
}

/** A machine that receives but sends nothing: its other line is empty. */
function noColumn(at: number[]) {
  return { avg: at.map(() => null), max: [] };
}

function RangeChoice({ range }: { range: ChartRange }) {
  const { charts: texts } = useTexts();
  return (
    <span className="flex flex-wrap items-center gap-2 max-sm:w-full">
      {range.isZoomed && (
        <Button variant="ghost" icon={<ZoomOut />} onClick={range.zoomOut}>
          {texts.zoomOut}
        </Button>
      )}
      <Segmented
        label={texts.range}
        value={range.preset}
        options={presets.map((value) => ({ value, label: texts.presets[value] }))}
        onChange={range.setPreset}
      />
    </span>
  );
}

/** A chart with its numbers in words: a canvas tells a screen reader nothing. Drawn again only for other numbers. */
const Chart = memo(function Chart({ plot }: { plot: PlotProps }) {
  const { charts: texts } = useTexts();
  const { definition } = plot;
  const [point, setPoint] = useState<number | null>(null);
  const isAlone = definition.lines.length === 1;
  const summaries = definition.lines.flatMap(({ label, colour }, index) => {
    const column = plot.columns[index];
    const { format } = definition;
    const summary = column && summaryOf(column, { format, summary: texts.summary });
    if (summary == null) return [];
    return [{ colour, text: isAlone ? summary : texts.labelled(label, summary) }];
  });
  const inWords = summaries.map(({ text }) => text).join("; ");
  return (
    <figure className="min-w-0 bg-surface px-3 pt-3 pb-1">
      <figcaption className="flex flex-wrap items-baseline gap-x-2 px-1">
        <span className="text-sm font-medium">{definition.title}</span>
        {/* One over the other: the plot must not move when the crosshair comes. */}
        <span
          className={cn(
            "grid min-w-0 flex-1 *:col-start-1 *:row-start-1",
            !isAlone && "basis-full",
          )}
        >
          {point !== null && <ReadOut plot={plot} point={point} />}
          <span className={cn("flex flex-wrap gap-x-3", point !== null && "invisible")}>
            {summaries.map(({ colour, text }) => (
              <span key={text} className="inline-flex items-center gap-1.5 text-xs text-ink-faint">
                {!isAlone && <Dot colour={colour} />}
                {text}
              </span>
            ))}
          </span>
        </span>
      </figcaption>
      <div role="img" aria-label={texts.labelled(definition.title, inWords)}>
        <Plot plot={plot} onPoint={setPoint} />
      </div>
    </figure>
  );
});

function ChartsLoading() {
  const { charts: texts } = useTexts();
  return (
    <div role="status" aria-label={texts.loading} className="grid gap-4 p-4 md:grid-cols-2">
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} className="h-36" />
      ))}
    </div>
  );
}
