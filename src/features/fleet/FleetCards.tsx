import { Link } from "react-router";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { Bar } from "@/components/ui/Meter.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Pulse } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatPercent } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { type FleetEntry } from "./fleetView.ts";

/** One block per machine, all of it a link: rows on a phone, a grid of cards where there is room. */
export function FleetCards({
  entries,
  pulses,
  isGrid = false,
}: {
  entries: FleetEntry[];
  pulses: ReadonlyMap<string, Pulse>;
  isGrid?: boolean;
}) {
  const { fleet: texts } = useTexts();
  return (
    <ul
      aria-label={texts.machines}
      className={
        isGrid
          ? "grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-px overflow-hidden rounded-b-lg bg-line"
          : "divide-y divide-line"
      }
    >
      {entries.map(({ machine, state, past }) => {
        const pulse = pulses.get(machine.machineId);
        const lastSeenAt = pulse?.lastHeartbeatAt ?? machine.lastSeen;
        return (
          <li
            key={machine.machineId}
            className="relative bg-surface px-4 py-3 hover:bg-sunken active:bg-sunken"
          >
            <div className="flex items-center gap-3">
              <Link
                to={paths.machine.href(machine.machineId)}
                className="min-w-0 flex-1 truncate font-medium text-ink after:absolute after:inset-0"
              >
                {machine.name}
              </Link>
              <span className="text-sm">
                <StatusBadge state={state} beat={lastSeenAt} />
              </span>
            </div>
            <div className="mt-0.5 flex items-center gap-3 text-xs text-ink-faint">
              <span className="flex min-w-0 flex-1">
                <span className="truncate">{machine.hostname ?? texts.notRegistered}</span>
                {machine.version !== null && (
                  <span className="max-w-24 shrink-0 truncate">&nbsp;· {machine.version}</span>
                )}
              </span>
              <span className="shrink-0">
                {past !== undefined ? (
                  <Lasting since={machine.since} until={past.at} text={texts.lasting} />
                ) : lastSeenAt === null ? (
                  texts.neverSeen
                ) : (
                  <Age at={lastSeenAt} />
                )}
              </span>
            </div>
            {pulse !== undefined && pulse.cpuUsage !== null && (
              <div
                className={cn(
                  "mt-2 grid grid-cols-3 gap-4 text-xs",
                  isReporting(state) ? "text-ink-soft" : "text-ink-faint",
                )}
              >
                <Small
                  label={texts.columns.cpu}
                  percent={pulse.cpuUsage}
                  isOld={!isReporting(state)}
                />
                <Small
                  label={texts.memoryShort}
                  percent={pulse.memoryUsage}
                  isOld={!isReporting(state)}
                />
                <Small
                  label={texts.columns.disk}
                  percent={pulse.diskUsage}
                  isOld={!isReporting(state)}
                />
              </div>
            )}
            {machine.tags.length > 0 && (
              <div className="mt-2">
                <Tags tags={machine.tags} limit={4} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Small({
  label,
  percent,
  isOld,
}: {
  label: string;
  percent: number | null;
  isOld: boolean;
}) {
  return (
    <span className="grid gap-1">
      <span className="flex justify-between">
        <span className="text-ink-faint">{label}</span>
        {percent === null ? "–" : formatPercent(percent)}
      </span>
      <Bar percent={percent ?? 0} isOld={isOld} className="h-1" />
    </span>
  );
}
