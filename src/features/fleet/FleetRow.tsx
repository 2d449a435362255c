import { CirclePause, Copy, Wrench } from "lucide-react";
import { type KeyboardEvent, memo, type MouseEvent } from "react";
import { Link } from "react-router";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { Tip } from "@/components/ui/Tip.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Pulse } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { type ColumnKey, columns, fixedClass } from "./columns.tsx";
import { type FleetEntry } from "./fleetView.ts";
import { useSeenState } from "./useSeenState.ts";

export interface RowActions {
  /** Shows the machine in the side panel. */
  open: (machineId: string) => void;
  select: (machineId: string, isRange: boolean) => void;
  focus: (machineId: string) => void;
}

/** One machine of the table. The name leads to its page; the mouse opens the side panel anywhere else in the row. */
export const FleetRow = memo(function FleetRow({
  entry,
  pulse,
  rowIndex,
  columnKeys,
  isSelected,
  isOpened,
  actions,
}: {
  entry: FleetEntry;
  pulse: Pulse | undefined;
  /** Counted from 1, the head included: only a part of the rows is in the document. */
  rowIndex: number;
  columnKeys: readonly ColumnKey[];
  /** Null where nothing can be selected. */
  isSelected: boolean | null;
  isOpened: boolean;
  actions: RowActions;
}) {
  const { fleet: texts } = useTexts();
  const { machine } = entry;
  const state = useSeenState(entry, pulse);
  const seen = { ...entry, state };
  const href = paths.machine.href(machine.machineId);
  const cell = "h-8 border-b border-line/70 py-0 group-last:border-b-0";

  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a,button,label") !== null) return;
    if (getSelection()?.isCollapsed === false) return;
    if (event.metaKey || event.ctrlKey) window.open(href, "_blank", "noopener");
    else actions.open(machine.machineId);
  };
  // The first Enter shows the machine beside the list, the second follows the link to its page.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.metaKey || event.ctrlKey || isOpened) return;
    event.preventDefault();
    actions.open(machine.machineId);
  };
  return (
    <tr
      aria-rowindex={rowIndex}
      aria-selected={isOpened || undefined}
      onClick={onClick}
      className={cn(
        "group cursor-pointer has-[a:focus-visible]:bg-selected",
        isOpened || isSelected === true ? "bg-selected" : "hover:bg-hover",
      )}
    >
      {isSelected !== null && (
        <td className={cn(cell, fixedClass.select)}>
          <label className="flex h-8 items-center">
            <input
              type="checkbox"
              aria-label={texts.row.select(machine.name)}
              checked={isSelected}
              onClick={(event) => actions.select(machine.machineId, event.shiftKey)}
              onChange={() => undefined}
              className="size-3.5 accent-accent"
            />
          </label>
        </td>
      )}
      <td className={cn(cell, fixedClass.status)}>
        <StatusBadge state={state} beat={pulse?.lastHeartbeatAt ?? machine.lastSeen} />
      </td>
      <td className={cn(cell, fixedClass.name)}>
        <span className="flex items-center gap-2">
          <Link
            to={href}
            data-machine={machine.machineId}
            title={machine.description === "" ? undefined : machine.description}
            onFocus={() => actions.focus(machine.machineId)}
            onKeyDown={onKeyDown}
            className="max-w-full min-w-0 shrink truncate rounded-sm font-medium text-ink hover:underline"
          >
            {machine.name}
          </Link>
          <Marks entry={entry} />
          <span className="hidden min-w-0 flex-1 @3xl:block">
            <Tags tags={machine.tags} limit={3} />
          </span>
        </span>
      </td>
      {columnKeys.map((key) => (
        <td key={key} className={cn(cell, columns[key].className)}>
          {columns[key].cell(seen, pulse)}
        </td>
      ))}
    </tr>
  );
});

/** What is unusual about a machine besides its state. */
function Marks({ entry: { machine, past } }: { entry: FleetEntry }) {
  const { fleet } = useTexts();
  const texts = fleet.row;
  return (
    <>
      {past?.isInMaintenance === true && (
        <Tip text={fleet.past.maintenance}>
          <Wrench
            role="img"
            aria-label={fleet.past.maintenance}
            className="size-3.5 shrink-0 text-waiting"
          />
        </Tip>
      )}
      {machine.pausedAt !== null && (
        <Tip text={texts.pausedTip}>
          <CirclePause
            role="img"
            aria-label={texts.paused}
            className="size-3.5 shrink-0 text-ink-faint"
          />
        </Tip>
      )}
      {machine.clashedAt !== null && (
        <Tip text={texts.sharedTip}>
          <Copy role="img" aria-label={texts.shared} className="size-3.5 shrink-0 text-late" />
        </Tip>
      )}
    </>
  );
}
