import { type MouseEvent } from "react";
import { Link, useNavigate } from "react-router";
import { Age } from "@/components/ui/Age.tsx";
import { Meter } from "@/components/ui/Meter.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { paths } from "@/config/paths.ts";
import { type Pulse } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { isReporting } from "@/lib/machineState.ts";
import { columnClass } from "./columns.ts";
import { type FleetEntry } from "./fleetView.ts";

/** One machine of the table. The name is the link; for the mouse, all of the row is. */
export function FleetRow({ entry, pulse }: { entry: FleetEntry; pulse: Pulse | undefined }) {
  const { machine, state } = entry;
  const navigate = useNavigate();
  const href = paths.machine.href(machine.machineId);
  const open = (event: MouseEvent) => {
    const isOwnTarget =
      event.target instanceof Element && event.target.closest("a,button") !== null;
    const isSelecting = getSelection()?.isCollapsed === false;
    if (isOwnTarget || isSelecting) return;
    if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
    else void navigate(href);
  };
  const lastSeenAt = pulse?.lastHeartbeatAt ?? machine.lastSeen;
  const isOld = !isReporting(state);
  const cell = "h-9 border-b border-line/70 py-0 group-last:border-b-0";
  return (
    <tr
      onClick={open}
      className="group cursor-pointer hover:bg-hover has-[a:focus-visible]:bg-selected"
    >
      <td className={cn(cell, columnClass.status)}>
        <StatusBadge state={state} beat={lastSeenAt} />
      </td>
      <td className={cn(cell, columnClass.name)}>
        <span className="flex items-center gap-3">
          <Link
            to={href}
            title={machine.description === "" ? undefined : machine.description}
            className="max-w-full shrink-0 truncate rounded-sm font-medium text-ink hover:underline"
          >
            {machine.name}
          </Link>
          <span className="hidden min-w-0 flex-1 @3xl:block">
            <Tags tags={machine.tags} limit={3} />
          </span>
        </span>
      </td>
      <td className={cn(cell, columnClass.lastSeen, "whitespace-nowrap text-ink-soft")}>
        {lastSeenAt === null ? (
          <span className="text-ink-faint">never</span>
        ) : (
          <Age at={lastSeenAt} />
        )}
      </td>
      <td className={cn(cell, columnClass.meter)}>
        <Meter label="CPU" percent={pulse?.cpuUsage ?? null} isOld={isOld} />
      </td>
      <td className={cn(cell, columnClass.meter)}>
        <Meter label="Memory" percent={pulse?.memoryUsage ?? null} isOld={isOld} />
      </td>
      <td className={cn(cell, columnClass.disk)}>
        <Meter label="Disk" percent={pulse?.diskUsage ?? null} isOld={isOld} />
      </td>
      <td className={cn(cell, columnClass.assistants, "text-right text-ink-soft")}>
        {pulse?.assistantCount ?? machine.assistantCount ?? <Nothing />}
      </td>
      <td className={cn(cell, columnClass.version, "truncate text-ink-soft")}>
        {machine.version ?? <Nothing />}
      </td>
      <td className={cn(cell, columnClass.hostname, "truncate text-ink-soft")}>
        {machine.hostname ?? <Nothing />}
      </td>
    </tr>
  );
}

function Nothing() {
  return <span className="text-ink-faint">–</span>;
}
