import { cn } from "@/lib/cn.ts";
import { formatDuration, formatShortStamp } from "@/lib/format.ts";
import { type Condition, type Segment } from "../../../../core/uptime.ts";
import { type Stretch } from "./useChartRange.ts";

export const conditionLooks: Record<Condition, { word: string; fill: string }> = {
  up: { word: "online", fill: "h-full bg-online-fill" },
  down: { word: "offline", fill: "h-2/5 bg-offline-fill" },
  stopped: { word: "stopped", fill: "h-1/5 bg-stopped-fill" },
  waiting: { word: "waiting", fill: "h-2/5 bg-waiting-fill/60" },
  maintenance: { word: "in maintenance", fill: "h-3/5 bg-waiting-fill" },
  unknown: { word: "not watched", fill: "h-full hatched" },
};

/** What the machine was when: height and colour tell its conditions apart, words do it for screen readers. */
export function StatusTimeline({ segments, stretch }: { segments: Segment[]; stretch: Stretch }) {
  const spanMs = stretch.to - stretch.from;
  return (
    <div
      role="img"
      aria-label={`Status: ${summaryOf(segments)}`}
      className="mx-4 mt-3 mb-1 flex h-6 items-end overflow-hidden rounded-sm bg-sunken"
    >
      {segments.map(({ from, to, condition }) => (
        <span
          key={from}
          title={`${conditionLooks[condition].word}, ${formatShortStamp(from)} – ${formatShortStamp(to)}`}
          className={cn("min-w-px", conditionLooks[condition].fill)}
          style={{ width: `${((to - from) / spanMs) * 100}%` }}
        />
      ))}
    </div>
  );
}

/** "online 58m, offline 2m": each condition with its whole time, longest first. */
export function summaryOf(segments: Segment[]): string {
  const totals = new Map<Condition, number>();
  for (const { from, to, condition } of segments) {
    totals.set(condition, (totals.get(condition) ?? 0) + to - from);
  }
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .map(([condition, ms]) => `${conditionLooks[condition].word} ${formatDuration(ms)}`)
    .join(", ");
}
