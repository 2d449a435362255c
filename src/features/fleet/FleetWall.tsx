import { Minimize2 } from "lucide-react";
import { Link } from "react-router";
import { ConnectionPill } from "@/components/layout/ConnectionPill.tsx";
import { Age } from "@/components/ui/Age.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { statusWord } from "@/components/ui/StatusBadge.tsx";
import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { paths } from "@/config/paths.ts";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { formatCount } from "@/lib/format.ts";
import { type MachineState } from "../../../core/status.ts";
import { type FleetEntry, type StateCounts } from "./fleetView.ts";
import { TEXTS_PER_TILE, useTileGrid } from "./useTileGrid.ts";

/** Tiles on one screen; machines beyond are told as a number. */
const MAX_TILES = 600;

const tiles: Record<MachineState, string> = {
  offline: "border-offline-fill bg-offline-soft text-offline",
  late: "border-late-fill bg-late-soft text-late",
  waiting: "border-waiting-fill/60 bg-waiting-soft text-waiting",
  online: "border-online-fill/45 bg-online-soft text-online",
  stopped: "border-line bg-stopped-soft text-stopped",
};

/** The fleet for a screen on the wall: nothing to operate, problems largest and first. */
export function FleetWall({
  entries,
  counts,
  total,
  onClose,
}: {
  entries: FleetEntry[];
  counts: StateCounts;
  total: number;
  onClose: () => void;
}) {
  const { fleet, format } = useTexts();
  const texts = fleet.wall;
  useHotkey("Escape", onClose);
  const shown = entries.slice(0, MAX_TILES);
  // Offline machines have tiles of double width.
  const wide = shown.filter(({ state }) => state === "offline").length;
  const { columns, tilePx, rowPx } = useTileGrid({ tiles: shown.length, wide });
  return (
    <section
      aria-label={texts.label}
      data-covers
      className="fixed inset-0 z-30 flex flex-col gap-4 overflow-y-auto bg-canvas p-4 sm:p-6"
    >
      <header className="flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-[clamp(2rem,5vw,4.5rem)] leading-none font-semibold tracking-tight">
          {formatCount(counts.online + counts.late)}
          <span className="text-[0.45em] font-medium text-ink-faint">
            {" "}
            {fleet.summary.ofOnline(format.machines(total))}
          </span>
        </h1>
        <p className="flex flex-wrap gap-x-6 gap-y-1 text-[clamp(1.1875rem,1.6vw,2.25rem)] leading-tight">
          {(["offline", "late"] as const)
            .filter((state) => counts[state] > 0)
            .map((state) => (
              <span key={state} className="inline-flex items-center gap-2 font-semibold">
                <StatusGlyph state={state} size="size-[0.8em]" />
                {formatCount(counts[state])} {statusWord(state).toLowerCase()}
              </span>
            ))}
        </p>
        <span className="ml-auto flex items-center gap-3 self-center">
          <ConnectionPill />
          <IconButton label={texts.leave} onClick={onClose}>
            <Minimize2 />
          </IconButton>
        </span>
      </header>
      <ul
        aria-label={fleet.machines}
        className="grid gap-2"
        style={{
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gridAutoRows: `minmax(${rowPx}px, auto)`,
          fontSize: tilePx / TEXTS_PER_TILE,
        }}
      >
        {shown.map(({ machine, state }) => (
          <li
            key={machine.machineId}
            className={cn(
              "flex min-w-0 flex-col justify-center rounded-md border px-[0.85em] py-[0.6em]",
              tiles[state],
              state === "offline" && columns > 1 && "col-span-2",
            )}
          >
            <Link
              to={paths.machine.href(machine.machineId)}
              className="flex items-center gap-[0.6em] rounded-sm text-[1em] leading-[1.5] font-semibold"
            >
              <StatusGlyph state={state} size="size-[0.75em]" />
              <span className="truncate">{machine.name}</span>
            </Link>
            <p className="truncate text-[0.85em] leading-[1.4]">
              {statusWord(state)}
              {state !== "online" && machine.lastSeen !== null && (
                <>
                  {" "}
                  · {state === "offline" && `${texts.seen} `}
                  <Age at={machine.lastSeen} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      {entries.length > shown.length && (
        <p className="text-center text-lg text-ink-soft">
          {texts.more(format.machines(entries.length - shown.length))}
        </p>
      )}
    </section>
  );
}
