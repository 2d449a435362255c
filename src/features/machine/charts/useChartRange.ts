import { useCallback, useState } from "react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { DAY, HOUR, MINUTE } from "../../../../core/time.ts";

export const presets = ["1h", "6h", "24h", "7d", "30d", "90d", "1y"] as const;
export type Preset = (typeof presets)[number];

const spansMs: Record<Preset, number> = {
  "1h": HOUR,
  "6h": 6 * HOUR,
  "24h": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
  "1y": 365 * DAY,
};

export interface Stretch {
  from: number;
  to: number;
}

export interface ChartRange extends Stretch {
  preset: Preset;
  isZoomed: boolean;
  setPreset: (preset: Preset) => void;
  zoomTo: (stretch: Stretch) => void;
  zoomOut: () => void;
}

/** A live range asks anew once a minute in the shortest chart, once an hour in the longest. */
const STEPS_PER_SPAN = 60;

/** What the charts show: the last hour to a year, live, or a stretch that was dragged out of it. */
export function useChartRange(): ChartRange {
  const [preset, setPreset] = useState<Preset>("1h");
  const [zoom, setZoom] = useState<Stretch | null>(null);
  const spanMs = spansMs[preset];
  const stepMs = Math.min(HOUR, Math.max(MINUTE, spanMs / STEPS_PER_SPAN));
  // Ends ahead of now, so that each new sample falls into the range that is already asked for.
  const end = useNowSelect((now) => Math.ceil(now / stepMs) * stepMs);
  const zoomTo = useCallback(
    ({ from, to }: Stretch) => setZoom({ from: Math.floor(from), to: Math.ceil(to) }),
    [],
  );
  const zoomOut = useCallback(() => setZoom(null), []);
  return {
    ...(zoom ?? { from: end - spanMs, to: end }),
    preset,
    isZoomed: zoom !== null,
    setPreset: (next) => {
      setZoom(null);
      setPreset(next);
    },
    zoomTo,
    zoomOut,
  };
}
