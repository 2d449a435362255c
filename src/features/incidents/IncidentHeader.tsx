import { AlarmClock, Check, ChevronLeft, Server } from "lucide-react";
import { type ReactNode } from "react";
import { Link } from "react-router";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { paths } from "@/config/paths.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Incident, type MachineDetails } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { factsOf } from "@/lib/machineState.ts";
import { formatMoment } from "@/lib/moments.ts";
import { stateAt } from "../../../core/status.ts";
import { IncidentState } from "./IncidentState.tsx";
import { SnoozeMenu } from "./SnoozeMenu.tsx";
import { type IncidentActions } from "./useIncidentActions.ts";

/** Whose incident this is, how it stands, how the machine is now, who was told, and what can be done. */
export function IncidentHeader({
  incident,
  machine,
  actions,
  told,
}: {
  incident: Incident;
  /** Null where it left the fleet. */
  machine: MachineDetails | null;
  /** Null for those who may only look. */
  actions: IncidentActions | null;
  told: ReactNode;
}) {
  const { incidents: texts } = useTexts();
  const isOpen = incident.closedAt === null;
  return (
    <header className="grid gap-3">
      <Link
        to={paths.incidents.href()}
        className="-ml-1 inline-flex w-fit items-center gap-0.5 rounded-sm text-sm text-ink-faint hover:text-ink"
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
        {texts.back}
      </Link>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-2xl font-semibold tracking-tight break-words">
            {incident.machineName}{" "}
            <span className="font-normal text-ink-soft">
              {incident.isFlapping ? texts.flapping : texts.reasons[incident.reason]}
            </span>
          </h1>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-5 gap-y-1 text-sm text-ink-soft">
            <IncidentState incident={incident} />
            <Length incident={incident} />
            {machine === null ? (
              <span>{texts.machineGone}</span>
            ) : (
              <span className="inline-flex items-center gap-1.5">
                {texts.nowIs} <MachineNow machine={machine} />
              </span>
            )}
          </p>
        </div>
        <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:grow">
          {machine !== null && (
            <Link to={paths.machine.href(machine.machineId)} className={buttonClass("secondary")}>
              <Server aria-hidden="true" />
              {texts.openMachine}
            </Link>
          )}
          {isOpen && actions !== null && <Actions incident={incident} actions={actions} />}
        </div>
      </div>
      <p className="text-sm text-ink-soft">
        {told} <People incident={incident} />
      </p>
    </header>
  );
}

function Actions({ incident, actions }: { incident: Incident; actions: IncidentActions }) {
  const { incidents: texts } = useTexts();
  return (
    <>
      <SnoozeMenu
        machineName={incident.machineName}
        onSnooze={(until) => actions.snooze(incident, until)}
        trigger={<Button icon={<AlarmClock />}>{texts.snooze}</Button>}
      />
      {incident.acknowledgedAt === null && (
        <Button
          variant="primary"
          icon={<Check />}
          aria-keyshortcuts="a"
          // On a phone it is what one came for: first, and as wide as a thumb likes it.
          className="max-sm:order-first max-sm:h-11 max-sm:basis-full"
          onClick={() => actions.acknowledge(incident)}
        >
          {texts.acknowledge}
        </Button>
      )}
    </>
  );
}

function MachineNow({ machine }: { machine: MachineDetails }) {
  const state = useNowSelect((now) => stateAt(factsOf(machine), now));
  return <StatusBadge state={state} />;
}

function Length({ incident: { openedAt, closedAt } }: { incident: Incident }) {
  const { incidents: texts } = useTexts();
  const text = useNowSelect((now) =>
    closedAt === null
      ? texts.isSilent(formatDuration(now - openedAt))
      : texts.wasSilent(formatDuration(closedAt - openedAt)),
  );
  return <span>{text}</span>;
}

function People({ incident }: { incident: Incident }) {
  const { incidents: texts } = useTexts();
  const text = useNowSelect((now) => {
    const { acknowledgedAt, acknowledgedBy, snoozedUntil, snoozedBy, closedAt } = incident;
    const sentences: string[] = [];
    if (acknowledgedAt !== null) {
      sentences.push(texts.acknowledgedBy(acknowledgedBy ?? "", formatMoment(acknowledgedAt, now)));
    }
    if (snoozedUntil !== null && closedAt === null && snoozedUntil > now) {
      sentences.push(texts.snoozedBy(snoozedBy ?? "", formatMoment(snoozedUntil, now)));
    }
    return sentences.join(" ");
  });
  return <>{text}</>;
}
