import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration, formatShortStamp } from "@/lib/format.ts";
import { type Condition, type Segment } from "../../../../core/uptime.ts";
import { type Stretch } from "./useChartRange.ts";

const fills: Record<Condition, string> = {
  up: "h-full bg-online-fill",
  down: "h-2/5 bg-offline-fill",
  stopped: "h-1/5 bg-stopped-fill",
  waiting: "h-2/5 bg-waiting-fill/60",
  maintenance: "h-3/5 bg-waiting-fill",
  unknown: "h-full hatched",
};

/** What the machine was when: height and colour tell its conditions apart, words do it for screen readers. */
export function StatusTimeline({ segments, stretch }: { segments: Segment[]; stretch: Stretch }) {
  const { charts: texts } = useTexts();
  const spanMs = stretch.to - stretch.from;
  return (
    <div
      role="img"
      aria-label={texts.status(summaryOf(segments, texts.conditions))}
      className="mx-4 mt-3 mb-1 flex h-6 items-end overflow-hidden rounded-sm bg-sunken"
    >
      {segments.map(({ from, to, condition }) => (
        <span
          key={from}
          title={`${texts.conditions[condition]}, ${formatShortStamp(from)} – ${formatShortStamp(to)}`}
          className={cn("min-w-px", fills[condition])}
          style={{ width: `${((to - from) / spanMs) * 100}%` }}
        />
      ))}
    </div>
  );
}

/** "online 58m, offline 2m": each condition with its whole time, longest first. */
function summaryOf(segments: Segment[], words: Record<Condition, string>): string {
  const totals = new Map<Condition, number>();
  for (const { from, to, condition } of segments) {
    totals.set(condition, (totals.get(condition) ?? 0) + to - from);
  }
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .map(([condition, ms]) => `${words[condition]} ${formatDuration(ms)}`)
    .join(", ");
}
