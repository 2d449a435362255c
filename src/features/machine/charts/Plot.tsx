import { memo, useEffect, useRef, useSyncExternalStore } from "react";
import { useTheme } from "@/hooks/useTheme.ts";
import { isHighContrast, subscribeToTheme } from "@/lib/theme.ts";
import { type ChartDefinition } from "./chartSeries.ts";
import { type Stretch } from "./useChartRange.ts";

export interface PlotProps {
  definition: ChartDefinition;
  /** Milliseconds since 1970, and a column for each line: null breaks the line. */
  at: number[];
  columns: { avg: (number | null)[]; max: (number | null)[] }[];
  stretch: Stretch;
  incidents: Stretch[];
  /** When the monitor itself was away: nothing is known of these times. */
  outages: Stretch[];
  onZoom: (stretch: Stretch) => void;
  onZoomOut: () => void;
}

/** Where texts are as large as usual: it grows with them. */
export const PLOT_HEIGHT_PX = 150;

/** One chart on a canvas. Who draws it is loaded with the first one: most visits of the app never see any. */
export const Plot = memo(function Plot({
  plot,
  onPoint,
}: {
  plot: PlotProps;
  /** Which of the moments is under the shared crosshair. */
  onPoint: (index: number | null) => void;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const [theme] = useTheme();
  const isMore = useSyncExternalStore(subscribeToTheme, isHighContrast);
  // Drawn anew with each answer and theme: a few milliseconds, and nothing of the old one is left.
  useEffect(() => {
    let isGone = false;
    let erase = () => {};
    void import("./drawPlot.ts").then(({ drawPlot }) => {
      if (!isGone && holder.current !== null) {
        erase = drawPlot(plot, holder.current, onPoint);
      }
    });
    return () => {
      isGone = true;
      erase();
      onPoint(null);
    };
  }, [plot, onPoint, theme, isMore]);
  return <div ref={holder} className="w-full" style={{ minHeight: `${PLOT_HEIGHT_PX / 16}rem` }} />;
});
