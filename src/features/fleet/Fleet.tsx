import { useMemo, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { ErrorView, LoadingRows, NothingFound, Skeleton } from "@/components/ui/Views.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useMediaQuery } from "@/hooks/useMediaQuery.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { plural } from "@/lib/format.ts";
import { isLiveList } from "@/lib/machineState.ts";
import { FleetCards } from "./FleetCards.tsx";
import { FleetEmpty } from "./FleetEmpty.tsx";
import { FleetFilter } from "./FleetFilter.tsx";
import { FleetSummary } from "./FleetSummary.tsx";
import { FleetTable } from "./FleetTable.tsx";
import { countStates, filterFleet, sortFleet, stateInQuery, withState } from "./fleetView.ts";
import { useFleetEntries } from "./useFleetEntries.ts";
import { useFleetQuery } from "./useFleetQuery.ts";
import { useMachines } from "./useMachines.ts";
import { usePulses } from "./usePulses.ts";

/** Rows added at a time; more would slow the first paint of a large fleet. */
const ROWS_STEP = 100;

/** The fleet: summary and list, or one of the views for loading, failed, and nobody yet. */
export function Fleet({ onAdd, onRetry }: { onAdd: () => void; onRetry: () => void }) {
  const { machines, loading, error } = useMachines();
  if (error !== null) {
    return (
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <ErrorView title="The fleet could not be loaded" error={error} onRetry={onRetry} />
      </div>
    );
  }
  if (loading) return <FleetLoading />;
  if (machines.length === 0) return <FleetEmpty onAdd={onAdd} />;
  return <FleetList machines={machines} />;
}

function FleetList({ machines }: { machines: MachineRow[] }) {
  const { query, setQuery, sort, toggleSort } = useFleetQuery();
  const [rowLimit, setRowLimit] = useState(ROWS_STEP);
  const isWide = useMediaQuery("(min-width: 44rem)");

  const entries = useFleetEntries(machines);
  const counts = useMemo(() => countStates(entries), [entries]);
  const matching = useMemo(
    () => sortFleet(filterFleet(entries, query), sort.key, sort.isReversed),
    [entries, query, sort.key, sort.isReversed],
  );
  const shown = useMemo(() => matching.slice(0, rowLimit), [matching, rowLimit]);
  // A small fleet is watched as a whole, so that filtering asks nothing anew.
  const watched = isLiveList(machines.length) ? entries : shown;
  const pulses = usePulses(
    useMemo(() => watched.map(({ machine }) => machine.machineId), [watched]),
  );
  useDocumentTitle("Fleet", counts.offline);

  return (
    <div className="grid gap-4">
      <FleetSummary
        entries={entries}
        counts={counts}
        selected={stateInQuery(query)}
        onSelect={(state) => setQuery(withState(query, state))}
      />
      <section
        aria-label="Machines"
        className="@container overflow-hidden rounded-lg border border-line bg-surface shadow-card"
      >
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-2">
          <FleetFilter query={query} onChange={setQuery} />
          <p role="status" className="ml-auto text-xs text-ink-faint max-sm:sr-only">
            {matching.length === machines.length
              ? plural(machines.length, "machine")
              : `${matching.length} of ${plural(machines.length, "machine")}`}
          </p>
        </div>
        {matching.length === 0 ? (
          <NothingFound query={query} onClear={() => setQuery("")} />
        ) : isWide ? (
          <FleetTable entries={shown} pulses={pulses} sort={sort} onSort={toggleSort} />
        ) : (
          <FleetCards entries={shown} pulses={pulses} />
        )}
        {matching.length > shown.length && (
          <div className="flex justify-center border-t border-line p-3">
            <Button onClick={() => setRowLimit(rowLimit + ROWS_STEP)}>
              Show {Math.min(ROWS_STEP, matching.length - shown.length)} more
            </Button>
          </div>
        )}
      </section>
    </div>
  );
}

function FleetLoading() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card">
        <div className="flex items-center gap-6">
          <Skeleton className="h-8 w-40" />
          <Skeleton className="h-9 flex-1" />
        </div>
        <Skeleton className="mt-4 h-6 w-80 max-w-full" />
      </div>
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <LoadingRows label="Loading the fleet" count={8} />
      </div>
    </div>
  );
}
