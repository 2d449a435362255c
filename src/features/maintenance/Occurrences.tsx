import { useTexts } from "@/hooks/useTexts.ts";
import { ownTimeZone, weekdayName } from "@/lib/calendar.ts";
import { cn } from "@/lib/cn.ts";
import { formatMoment } from "@/lib/moments.ts";
import { MAX_DURATION_MS, type Schedule } from "../../../core/maintenance.ts";
import { occurrencesOf } from "../../../core/occurrences.ts";
import { DAY } from "../../../core/time.ts";

const DAYS = 14;
const NAMED = 4;

/** The next two weeks as a strip of days, with the times at which nobody is told. */
export function Occurrences({ schedule, now }: { schedule: Schedule; now: number }) {
  const { maintenance: texts } = useTexts();
  const from = new Date(now).setHours(0, 0, 0, 0);
  const to = from + DAYS * DAY;
  const found = occurrencesOf(schedule, { from: lookBack(schedule, now), to }).filter(
    (occurrence) => occurrence.to > now,
  );
  const percent = (ms: number) => `${((ms / (to - from)) * 100).toFixed(2)}%`;
  const starts = found.slice(0, NAMED).map((occurrence) => formatMoment(occurrence.from, now));
  const summary = found.length === 0 ? texts.pictureNone : texts.picture(found.length);
  return (
    <figure className="min-w-0">
      <div aria-hidden="true" className="relative h-6 overflow-hidden rounded-sm bg-sunken">
        {Array.from({ length: DAYS }, (_, day) => {
          const start = from + day * DAY;
          const weekday = new Date(start).getDay();
          return (
            <span
              key={day}
              className={cn(
                "absolute inset-y-0 border-l border-line pl-0.5 text-[0.5625rem] leading-3 text-ink-faint first:border-l-0",
                (weekday === 0 || weekday === 6) && "bg-hover",
              )}
              style={{ left: percent(day * DAY), width: percent(DAY) }}
            >
              {weekdayName(weekday, "short").slice(0, 2)}
            </span>
          );
        })}
        {found.map((occurrence) => (
          <span
            key={occurrence.from}
            className="absolute bottom-0 h-3 min-w-1 rounded-[2px] bg-accent"
            style={{
              left: percent(Math.max(0, occurrence.from - from)),
              width: percent(occurrence.to - Math.max(from, occurrence.from)),
            }}
          />
        ))}
        <span
          className="absolute bottom-0 h-3 w-px bg-offline-fill"
          style={{ left: percent(now - from) }}
        />
      </div>
      <figcaption className="mt-1 text-xs text-ink-faint">
        {summary}
        {starts.length > 0 &&
          `: ${starts.join("; ")}${found.length > NAMED ? " …" : ""} (${ownTimeZone()})`}
      </figcaption>
    </figure>
  );
}

/** From where on an occurrence that lasts now is seen with its own start. */
function lookBack(schedule: Schedule, now: number): number {
  return schedule.kind === "once" ? Math.min(schedule.startsAt, now) : now - MAX_DURATION_MS;
}
