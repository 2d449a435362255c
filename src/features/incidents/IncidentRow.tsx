import { AlarmClock, AlarmClockOff, Check } from "lucide-react";
import { type Ref } from "react";
import { Link } from "react-router";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { paths } from "@/config/paths.ts";
import { suppressionText } from "@/components/delivery/explain.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Incident } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration, formatShortStamp } from "@/lib/format.ts";
import { formatMoment } from "@/lib/moments.ts";
import { IncidentState } from "./IncidentState.tsx";
import { SnoozeMenu } from "./SnoozeMenu.tsx";
import { type IncidentActions } from "./useIncidentActions.ts";

/** One incident of the list: whose it is, how long it lasts, who has it, and what can be done. */
export function IncidentRow({
  incident,
  isChosen,
  actions,
  linkRef,
  onFocus,
}: {
  incident: Incident;
  isChosen: boolean;
  /** Null for those who may only look. */
  actions: IncidentActions | null;
  linkRef: Ref<HTMLAnchorElement>;
  onFocus: () => void;
}) {
  const { incidents: texts } = useTexts();
  const isOpen = incident.closedAt === null;
  return (
    <li
      onFocus={onFocus}
      className={cn(
        "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm",
        "md:min-h-13 md:grid-cols-[8rem_minmax(0,1fr)_9rem_9rem_8.5rem] md:py-1.5",
        isChosen && "bg-selected",
      )}
    >
      <IncidentState incident={incident} />
      <div className="col-start-1 row-start-2 min-w-0 md:col-start-2 md:row-start-1">
        <p className="truncate">
          <Link
            ref={linkRef}
            to={paths.incident.href(incident.incidentId)}
            className="rounded-sm font-medium hover:underline"
          >
            {incident.machineName}
          </Link>
          <span className="text-ink-soft">
            {" "}
            {incident.isFlapping ? texts.flapping : texts.reasons[incident.reason]}
          </span>
        </p>
        <IncidentNote incident={incident} />
      </div>
      <p className="text-right text-xs text-ink-faint md:text-left">
        {isOpen ? <Age at={incident.openedAt} /> : formatShortStamp(incident.openedAt)}
      </p>
      <p className="text-right text-xs font-medium text-ink md:text-left">
        <IncidentLength incident={incident} />
      </p>
      <div className="col-span-2 flex min-h-8 items-center justify-end gap-1 max-md:empty:hidden md:col-span-1">
        {isOpen && actions !== null && <RowActions incident={incident} actions={actions} />}
      </div>
    </li>
  );
}

function RowActions({ incident, actions }: { incident: Incident; actions: IncidentActions }) {
  const { incidents: texts } = useTexts();
  return (
    <>
      <SnoozeMenu
        machineName={incident.machineName}
        onSnooze={(until) => actions.snooze(incident, until)}
        trigger={
          <IconButton label={texts.snoozeOf(incident.machineName)}>
            <AlarmClock />
          </IconButton>
        }
      />
      {incident.acknowledgedAt === null && (
        <Button
          icon={<Check />}
          aria-label={texts.acknowledgeOf(incident.machineName)}
          onClick={() => actions.acknowledge(incident)}
        >
          {texts.acknowledge}
        </Button>
      )}
    </>
  );
}

/** "for 12m", ticking; "lasted 10m" once it is over. */
function IncidentLength({ incident: { openedAt, closedAt } }: { incident: Incident }) {
  const { incidents: texts } = useTexts();
  const text = useNowSelect((now) =>
    closedAt === null
      ? texts.silentFor(formatDuration(now - openedAt))
      : texts.lasted(formatDuration(closedAt - openedAt)),
  );
  return <span>{text}</span>;
}

/** Who has it, until when it rests, or why nobody is told: one short line, where there is something to say. */
function IncidentNote({ incident }: { incident: Incident }) {
  const { incidents: texts, notifications } = useTexts();
  const note = useNowSelect((now) => {
    const { acknowledgedBy, suppressedBy, snoozedUntil, closedAt } = incident;
    const parts: string[] = [];
    if (acknowledgedBy !== null) parts.push(texts.by(acknowledgedBy));
    if (closedAt !== null) return parts.join(" · ");
    if (snoozedUntil !== null && snoozedUntil > now) {
      parts.push(texts.snoozedUntil(formatMoment(snoozedUntil, now)));
    }
    if (suppressedBy !== null) parts.push(suppressionText(notifications, suppressedBy, now));
    return parts.join(" · ");
  });
  if (note === "") return null;
  return (
    <p className="flex items-center gap-1.5 truncate text-xs text-ink-faint">
      {incident.suppressedBy !== null && (
        <AlarmClockOff aria-hidden="true" className="size-3 shrink-0" />
      )}
      <span className="truncate">{note}</span>
    </p>
  );
}
