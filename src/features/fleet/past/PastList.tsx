import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { NothingFound } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useMediaQuery } from "@/hooks/useMediaQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { download } from "@/lib/download.ts";
import { formatCount } from "@/lib/format.ts";
import { type ColumnKey } from "../columns.tsx";
import { CSV_TYPE, fleetCsv } from "../csv.ts";
import { FleetFilter } from "../FleetFilter.tsx";
import { type RowActions } from "../FleetRow.tsx";
import { FleetStack } from "../FleetStack.tsx";
import { FleetSummary } from "../FleetSummary.tsx";
import { FleetTable } from "../FleetTable.tsx";
import { filterFleet } from "../fleetFilter.ts";
import { parseFilter } from "../filterQuery.ts";
import { countStates, createNameOrder, sortFleet, stateInQuery, withState } from "../fleetView.ts";
import { CsvButton } from "../FleetTools.tsx";
import { useFleetKeys } from "../useFleetKeys.ts";
import { useFleetQuery } from "../useFleetQuery.ts";
import { writeMoment } from "./moment.ts";
import { entriesAt } from "./pastEntries.ts";
import { type PastFleet } from "./usePastFleet.ts";

/** What is known of a moment. */
const columnKeys: readonly ColumnKey[] = ["since", "version", "hostname"];
const noPulses = new Map<string, never>();
const ignore = () => undefined;

/** Summary, filter and list of a past moment: the same as of now, but for what only the present has. */
export function PastList({
  at,
  past,
}: {
  at: number;
  past: PastFleet & { isOfAnotherMoment: boolean };
}) {
  const { fleet: texts, format } = useTexts();
  const query = useFleetQuery();
  const navigate = useNavigate();
  const isTable = useMediaQuery("(min-width: 44rem)");
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [byName] = useState(createNameOrder);
  const { key, isReversed } = query.sort;
  const entries = useMemo(() => byName(entriesAt(past.machines, at)), [byName, past.machines, at]);
  const parsed = useMemo(() => parseFilter(query.query), [query.query]);
  const matching = useMemo(() => {
    const kept = filterFleet(entries, parsed, { now: at, pulses: noPulses });
    return sortFleet(kept, { key, isReversed }, noPulses);
  }, [entries, parsed, at, key, isReversed]);
  const open = (machineId: string) => void navigate(paths.machine.href(machineId));
  const actions: RowActions = { open, select: ignore, focus: setFocusedId };
  useFleetKeys({
    entries: matching,
    focusedId,
    openedId: null,
    selection: null,
    setFocused: setFocusedId,
    setOpened: ignore,
  });
  const all = format.machines(entries.length);
  return (
    <div
      aria-busy={past.isOfAnotherMoment}
      className={cn("grid gap-4", past.isOfAnotherMoment && "opacity-60")}
    >
      <FleetSummary
        entries={[]}
        counts={countStates(entries)}
        total={entries.length}
        selected={stateInQuery(query.query)}
        onSelect={(state) => query.setQuery(withState(query.query, state))}
      />
      <section
        aria-label={texts.machines}
        className="@container rounded-lg border border-line bg-surface shadow-card"
      >
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
          <FleetFilter query={query.query} problems={parsed.problems} onChange={query.setQuery} />
          <p role="status" className="ml-auto text-xs text-ink-faint">
            {!past.isComplete
              ? texts.past.loading(formatCount(entries.length))
              : matching.length === entries.length
                ? all
                : texts.summary.matching(formatCount(matching.length), all)}
          </p>
          <CsvButton
            onDownload={() =>
              download(
                `fleet-${writeMoment(at).replaceAll(":", "-")}.csv`,
                fleetCsv(matching, noPulses),
                CSV_TYPE,
              )
            }
          />
        </div>
        {matching.length === 0 ? (
          <NothingFound query={query.query} onClear={() => query.setQuery("")} />
        ) : isTable ? (
          <FleetTable
            entries={matching}
            pulses={noPulses}
            columnKeys={columnKeys}
            sort={query.sort}
            onSort={query.toggleSort}
            canSortLive={false}
            selection={null}
            focusedId={focusedId}
            openedId={null}
            actions={actions}
            onRange={ignore}
          />
        ) : (
          <FleetStack entries={matching} pulses={noPulses} isGrid={false} onCount={ignore} />
        )}
      </section>
    </div>
  );
}
