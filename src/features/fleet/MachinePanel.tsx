import { ArrowUpRight, X } from "lucide-react";
import { type ReactNode } from "react";
import { Link } from "react-router";
import { AcknowledgeButton } from "@/components/delivery/AcknowledgeButton.tsx";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { buttonClass } from "@/components/ui/Button.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Meter } from "@/components/ui/Meter.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Pulse } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { type FleetEntry } from "./fleetView.ts";
import { useSeenState } from "./useSeenState.ts";

/** One machine beside the list, without leaving it. Follows j and k; Escape closes it. */
export function MachinePanel({
  entry,
  pulse,
  canAct,
  onClose,
}: {
  entry: FleetEntry;
  pulse: Pulse | undefined;
  /** Whether this person may acknowledge. */
  canAct: boolean;
  onClose: () => void;
}) {
  const { fleet, enrolment } = useTexts();
  const { panel: texts, columns } = fleet;
  const { machine } = entry;
  const state = useSeenState(entry, pulse);
  const lastSeenAt = pulse?.lastHeartbeatAt ?? machine.lastSeen;
  const isOld = !isReporting(state);
  return (
    <aside
      aria-label={texts.label(machine.name)}
      className="fixed inset-x-0 bottom-0 z-30 max-h-[75dvh] animate-sheet-in overflow-y-auto rounded-t-xl border-t border-line bg-raised shadow-dialog lg:inset-x-auto lg:top-0 lg:right-0 lg:max-h-none lg:w-96 lg:rounded-none lg:border-l xl:static xl:sticky xl:top-4 xl:z-0 xl:w-auto xl:animate-none xl:self-start xl:rounded-lg xl:border xl:bg-surface xl:shadow-card"
    >
      <header className="flex items-start gap-2 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-lg leading-tight font-semibold break-words">{machine.name}</h2>
          <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm text-ink-faint">
            <StatusBadge state={state} beat={lastSeenAt} />
            <Lasting since={machine.since} text={fleet.lasting} />
          </p>
        </div>
        <IconButton label={texts.close} onClick={onClose} className="-mt-0.5 -mr-2">
          <X />
        </IconButton>
      </header>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2 px-4 py-4 text-sm [&_dt]:text-ink-faint">
        <Fact label={columns.lastSeen}>
          {lastSeenAt === null ? fleet.never : <Age at={lastSeenAt} />}
        </Fact>
        <Fact label={columns.cpu}>
          <Meter label={columns.cpu} percent={pulse?.cpuUsage ?? null} isOld={isOld} />
        </Fact>
        <Fact label={columns.memory}>
          <Meter label={columns.memory} percent={pulse?.memoryUsage ?? null} isOld={isOld} />
        </Fact>
        <Fact label={columns.disk}>
          <Meter label={columns.disk} percent={pulse?.diskUsage ?? null} isOld={isOld} />
        </Fact>
        <Fact label={columns.hostname}>{machine.hostname}</Fact>
        <Fact label={columns.ip}>{machine.ipAddress}</Fact>
        <Fact label={columns.os}>{machine.os}</Fact>
        <Fact label={columns.version}>{machine.version}</Fact>
        <Fact label={texts.directory}>{machine.rootDirectory}</Fact>
        <Fact label={texts.offlineAfter}>{formatDuration(machine.offlineThresholdMs)}</Fact>
        {machine.tags.length > 0 && (
          <Fact label={texts.tags}>
            <Tags tags={machine.tags} />
          </Fact>
        )}
      </dl>
      {machine.description !== "" && (
        <p className="px-4 pb-4 text-sm whitespace-pre-wrap text-ink-soft">{machine.description}</p>
      )}
      <footer className="flex flex-wrap gap-2 border-t border-line px-4 py-3">
        {state === "waiting" && (
          <Link to={paths.fleet.connectHref(machine.machineId)} className={buttonClass("primary")}>
            {enrolment.connect.reopen}
          </Link>
        )}
        {state === "offline" && canAct && <AcknowledgeButton machine={machine} />}
        <Link to={paths.machine.href(machine.machineId)} className={buttonClass("secondary")}>
          {texts.openPage}
          <ArrowUpRight aria-hidden="true" />
        </Link>
      </footer>
    </aside>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="min-w-0 break-words">
        {children ?? <span className="text-ink-faint">–</span>}
      </dd>
    </>
  );
}
