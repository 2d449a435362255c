import { useCallback, useState } from "react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { DAY, HOUR, MINUTE } from "../../../../core/time.ts";

export const presets = [
  { value: "1h", label: "1 h", spanMs: HOUR },
  { value: "6h", label: "6 h", spanMs: 6 * HOUR },
  { value: "24h", label: "24 h", spanMs: DAY },
  { value: "7d", label: "7 d", spanMs: 7 * DAY },
  { value: "30d", label: "30 d", spanMs: 30 * DAY },
  { value: "90d", label: "90 d", spanMs: 90 * DAY },
  { value: "1y", label: "1 y", spanMs: 365 * DAY },
] as const;
export type Preset = (typeof presets)[number]["value"];

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
  const spanMs = presets.find(({ value }) => value === preset)?.spanMs ?? HOUR;
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
