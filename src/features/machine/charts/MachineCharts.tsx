import { ZoomOut } from "lucide-react";
import { memo, useMemo } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { EmptyView, ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";
import { formatShortStamp } from "@/lib/format.ts";
import { chartDefinitions, summaryOf } from "./chartSeries.ts";
import { Plot, type PlotProps } from "./Plot.tsx";
import { StatusTimeline } from "./StatusTimeline.tsx";
import { type ChartRange, presets, useChartRange } from "./useChartRange.ts";

/** A machine's numbers over time: what was measured, where nothing was, and what happened meanwhile. */
export function MachineCharts({ machineId, onRetry }: { machineId: string; onRetry: () => void }) {
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
    return chartDefinitions
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
  }, [chart, timeline, from, to, zoomTo, zoomOut]);
  return (
    <Card
      title="History"
      description={range.isZoomed ? `${formatShortStamp(from)} – ${formatShortStamp(to)}` : "Live"}
      action={<RangeChoice range={range} />}
    >
      {timeline !== undefined && <StatusTimeline segments={timeline.segments} stretch={range} />}
      {samples.error !== null ? (
        <ErrorView title="The charts could not be loaded" error={samples.error} onRetry={onRetry} />
      ) : chart === undefined ? (
        <ChartsLoading />
      ) : plots.length === 0 ? (
        <EmptyView title="Nothing was measured in this time">
          The agent sends metrics with its heartbeats; a bare curl does not.
        </EmptyView>
      ) : (
        <div className="grid gap-px overflow-hidden rounded-b-lg bg-line md:grid-cols-2">
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
  return (
    <span className="flex flex-wrap items-center gap-2 max-sm:w-full">
      {range.isZoomed && (
        <Button variant="ghost" icon={<ZoomOut />} onClick={range.zoomOut}>
          Zoom out
        </Button>
      )}
      <Segmented
        label="Time range"
        value={range.preset}
        options={presets}
        onChange={range.setPreset}
      />
    </span>
  );
}

/** A chart with its numbers in words: a canvas tells a screen reader nothing. Drawn again only for other numbers. */
const Chart = memo(function Chart({ plot }: { plot: PlotProps }) {
  const { definition } = plot;
  const summaries = definition.lines.flatMap(({ label }, index) => {
    const column = plot.columns[index];
    const summary = column === undefined ? null : summaryOf(column, definition.format);
    return summary === null ? [] : [definition.lines.length > 1 ? `${label}: ${summary}` : summary];
  });
  return (
    <figure className="min-w-0 bg-surface px-3 pt-3 pb-1">
      <figcaption className="flex flex-wrap items-baseline gap-x-2 px-1">
        <span className="text-sm font-medium">{definition.title}</span>
        <span className="text-xs text-ink-faint">{summaries.join(" · ")}</span>
      </figcaption>
      <div role="img" aria-label={`${definition.title}: ${summaries.join("; ")}`}>
        <Plot plot={plot} />
      </div>
    </figure>
  );
});

function ChartsLoading() {
  return (
    <div role="status" aria-label="Loading the charts" className="grid gap-4 p-4 md:grid-cols-2">
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} className="h-36" />
      ))}
    </div>
  );
}
