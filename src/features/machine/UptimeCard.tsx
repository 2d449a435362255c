import { type KeyboardEvent, useState } from "react";
import { Card } from "@/components/ui/Card.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { barOf, nextIndex } from "@/lib/dayBars.ts";
import { formatDay, formatDuration, formatShare } from "@/lib/format.ts";
import { texts } from "@/texts/texts.ts";
import { MINUTE, SECOND } from "../../../core/time.ts";

/** Callers round the end, so that everybody who looks shares one answer. */
const UNTIL_STEP_MS = 5 * MINUTE;

interface Day {
  day: number;
  upSeconds: number;
  downSeconds: number;
}

/** Ninety days of uptime: one bar that is walked with the arrow keys, and three percentages. */
export function UptimeCard({ machineId }: { machineId: string }) {
  const words = useTexts().charts.uptime;
  const until = useNowSelect((now) => Math.floor(now / UNTIL_STEP_MS) * UNTIL_STEP_MS);
  const uptime = useKept(useLiveQuery(api.uptime.get, { machineId, until }).data);
  return (
    <Card title={words.title} description={words.lead}>
      {uptime === undefined ? (
        <div className="p-4">
          <Skeleton className="h-16" />
        </div>
      ) : (
        <div className="px-4 pt-4 pb-3">
          <DayBar days={uptime.days} />
          <dl className="mt-4 grid grid-cols-3 gap-4 text-sm">
            <Share label={words.hours24} share={uptime.last24Hours} />
            <Share label={words.days30} share={uptime.last30Days} />
            <Share label={words.days90} share={uptime.last90Days} />
          </dl>
        </div>
      )}
    </Card>
  );
}

function Share({ label, share }: { label: string; share: number | null }) {
  return (
    <div>
      <dt className="text-xs text-ink-faint">{label}</dt>
      <dd className="text-lg font-semibold tracking-tight">
        {share === null ? "–" : formatShare(share)}
      </dd>
    </div>
  );
}

/** A slider over days: arrows, Home and End move, and what the day was is its value's text. */
function DayBar({ days }: { days: Day[] }) {
  const words = useTexts().charts.uptime;
  const [chosen, setChosen] = useState<number | null>(null);
  const last = Math.max(0, days.length - 1);
  const index = Math.min(chosen ?? last, last);
  const day = days[index];
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, index, last);
    if (next === null) return;
    event.preventDefault();
    setChosen(next);
  };
  if (day === undefined) return <p className="text-sm text-ink-faint">{words.none}</p>;
  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        aria-label={words.byDay}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index}
        aria-valuetext={textOf(day)}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setChosen(null)}
        className="flex h-9 items-end gap-px rounded-sm sm:gap-0.5"
      >
        {days.map((other, place) => (
          <span
            key={other.day}
            onPointerEnter={() => setChosen(place)}
            className="flex h-full min-w-0 flex-1 items-end"
          >
            <span
              className={cn(
                "w-full max-w-3 rounded-[2px]",
                barOf(uptimeOf(other)),
                place === index && chosen !== null && "outline-2 outline-ink",
              )}
            />
          </span>
        ))}
      </div>
      <p className="mt-2 text-xs text-ink-soft">{textOf(day)}</p>
    </>
  );
}

function uptimeOf({ upSeconds, downSeconds }: Day): number | null {
  const counted = upSeconds + downSeconds;
  return counted === 0 ? null : upSeconds / counted;
}

function textOf(day: Day): string {
  const uptime = uptimeOf(day);
  const words = texts().charts.uptime;
  const date = formatDay(day.day);
  if (uptime === null) return words.noTime(date);
  const share = formatShare(uptime);
  return day.downSeconds === 0
    ? words.up(date, share)
    : words.upWithDown(date, share, formatDuration(day.downSeconds * SECOND));
}
