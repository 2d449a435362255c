import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { statusWord } from "@/components/ui/StatusBadge.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { formatCount } from "@/lib/format.ts";
import { statesByUrgency } from "@/lib/machineState.ts";
import { type MachineState } from "../../../core/status.ts";
import { LatestChange } from "./LatestChange.tsx";
import { type FleetEntry, type StateCounts } from "./fleetView.ts";
import { Roll } from "./Roll.tsx";

/** How the fleet is, at a glance: online of total (a late machine still counts), the roll, and counts that filter. */
export function FleetSummary({
  entries,
  counts,
  total,
  selected,
  onSelect,
}: {
  entries: FleetEntry[];
  counts: StateCounts;
  total: number;
  selected: MachineState | null;
  onSelect: (state: MachineState | null) => void;
}) {
  const { fleet, format } = useTexts();
  const texts = fleet.summary;
  const online = counts.online + counts.late;
  const down = counts.offline;
  return (
    <section
      aria-label={texts.label}
      className="rounded-lg border border-line bg-surface p-4 shadow-card"
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <p className="text-sm text-ink-soft">
          <span className="text-2xl font-semibold tracking-tight text-ink">
            {formatCount(online)}
          </span>
          <span className="text-ink-faint"> {texts.ofOnline(format.machines(total))}</span>
          {counts.late > 0 && (
            <span className="font-medium text-late">{texts.late(formatCount(counts.late))}</span>
          )}
        </p>
        <div className="min-w-48 flex-1">
          <Roll counts={counts} />
        </div>
        <LatestChange entries={entries} />
      </div>
      <div
        role="group"
        aria-label={texts.byStatus}
        className="mt-3 -mb-1 -ml-2.5 grid grid-cols-3 gap-1 sm:flex sm:flex-wrap"
      >
        <CountChip
          label={texts.all}
          count={total}
          isOn={selected === null}
          onClick={() => onSelect(null)}
        />
        {statesByUrgency.map((state) => (
          <CountChip
            key={state}
            label={statusWord(state)}
            count={counts[state]}
            state={state}
            isOn={selected === state}
            onClick={() => onSelect(selected === state ? null : state)}
          />
        ))}
      </div>
      <p aria-live="polite" className="sr-only">
        {down > 0 ? texts.offline(format.machines(down)) : ""}
      </p>
    </section>
  );
}

function CountChip({
  label,
  count,
  state,
  isOn,
  onClick,
}: {
  label: string;
  count: number;
  state?: MachineState;
  isOn: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(
        "inline-flex h-8 items-center gap-2 rounded-md px-2.5 text-sm transition-colors duration-100",
        isOn ? "bg-selected font-medium text-ink" : "text-ink-soft hover:bg-hover hover:text-ink",
      )}
    >
      {state !== undefined && (
        <StatusGlyph state={state} className={count === 0 ? "opacity-45 grayscale" : undefined} />
      )}
      {label}{" "}
      <span className={cn("font-semibold", count === 0 ? "text-ink-faint" : "text-ink")}>
        {formatCount(count)}
      </span>
    </button>
  );
}
