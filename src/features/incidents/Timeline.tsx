import { Card } from "@/components/ui/Card.tsx";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { type Incident } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { formatDate, formatSecond, isSameDay } from "@/lib/moments.ts";
import { MINUTE } from "../../../core/time.ts";
import { type IncidentDelivery, timelineOf, type TimelineEntry, type Tone } from "./timeline.ts";

const dots: Record<Tone, string> = {
  neutral: "bg-accent",
  bad: "bg-offline-fill",
  good: "bg-online-fill",
  warning: "bg-late-fill",
  waiting: "bg-waiting-fill",
  muted: "bg-stopped-fill",
};

/** What happened, in the order of time, to the second; live. */
export function Timeline({
  incident,
  deliveries,
  lastHeartbeatAt,
}: {
  incident: Incident;
  deliveries: IncidentDelivery[];
  lastHeartbeatAt: number | null;
}) {
  const texts = useTexts();
  const now = useNowSelect((time) => Math.floor(time / MINUTE) * MINUTE);
  const entries = timelineOf({ incident, deliveries, lastHeartbeatAt, texts, now });
  return (
    <Card title={texts.incidents.timeline.title} description={texts.incidents.timeline.lead}>
      <ol aria-label={texts.incidents.timeline.list} className="px-4 py-3">
        {entries.map((entry, index) => (
          <Entry
            key={entry.key}
            entry={entry}
            isLast={index === entries.length - 1}
            isNewDay={!isSameDay(entry.at, entries[index - 1]?.at ?? entries[0]?.at ?? entry.at)}
          />
        ))}
      </ol>
    </Card>
  );
}

function Entry({
  entry: { at, title, detail, tone },
  isLast,
  isNewDay,
}: {
  entry: TimelineEntry;
  isLast: boolean;
  isNewDay: boolean;
}) {
  return (
    <li className="grid grid-cols-[4.25rem_0.75rem_minmax(0,1fr)] gap-x-3 text-sm">
      <time
        dateTime={new Date(at).toISOString()}
        title={formatStamp(at)}
        className="text-right text-xs leading-5 text-ink-faint"
      >
        {isNewDay && <span className="block">{formatDate(at)}</span>}
        {formatSecond(at)}
      </time>
      <span aria-hidden="true" className="relative flex justify-center">
        {!isLast && <span className="absolute top-3 bottom-[-0.25rem] w-px bg-line-strong/60" />}
        <span
          className={cn("relative mt-1.5 size-2.5 rounded-full ring-3 ring-surface", dots[tone])}
        />
      </span>
      <div className={cn("min-w-0", !isLast && "pb-3.5")}>
        <p className="leading-5 break-words text-ink">{title}</p>
        {detail !== "" && <p className="text-xs break-words text-ink-soft">{detail}</p>}
      </div>
    </li>
  );
}
