import { lazy, Suspense, useMemo, useState } from "react";
import { NothingFound } from "@/components/ui/Views.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useMediaQuery } from "@/hooks/useMediaQuery.ts";
import { useStored } from "@/hooks/useStored.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineRow } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { download } from "@/lib/download.ts";
import { formatCount } from "@/lib/format.ts";
import { isLiveList } from "@/lib/machineState.ts";
import { texts } from "@/texts/texts.ts";
import { BulkBar } from "./BulkBar.tsx";
import { type ColumnKey, columnKeys, defaultColumns } from "./columns.tsx";
import { CSV_TYPE, fleetCsv } from "./csv.ts";
import { FleetBar } from "./FleetBar.tsx";
import { type RowActions } from "./FleetRow.tsx";
import { CARDS_STEP, FleetStack } from "./FleetStack.tsx";
import { FleetSummary } from "./FleetSummary.tsx";
import { FleetTable } from "./FleetTable.tsx";
import { type FleetEntry, stateInQuery, withState } from "./fleetView.ts";
import { FleetWall } from "./FleetWall.tsx";
import { MachinePanel } from "./MachinePanel.tsx";
import { DayBarsContext, useDayBars } from "./useDayBars.ts";
import { useFleetKeys } from "./useFleetKeys.ts";
import { useFleetQuery } from "./useFleetQuery.ts";
import { useListing } from "./useListing.ts";
import { useSelection } from "./useSelection.ts";

// Loaded when it is first opened.
const VersionCard = lazy(() => import("./versions/VersionCard.tsx"));

interface Props {
  /** Those that have arrived, of `total`. */
  machines: MachineRow[];
  total: number;
  canEdit: boolean;
}

/** Summary, filter and list of a fleet that has machines. */
export function FleetList({ machines, total, canEdit }: Props) {
  const { fleet: words } = useTexts();
  const fleet = useFleetQuery();
  const [range, setRange] = useState({ first: 0, end: CARDS_STEP });
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [chosenColumns, setChosenColumns] = useStored("rollcall.fleet.columns", parseColumns);
  const [isVersionsOpen, setIsVersionsOpen] = useStored("rollcall.fleet.versions", isTrue);
  const isWide = useMediaQuery("(min-width: 44rem)");
  const { entries, counts, matching, pulses, problems } = useListing(machines, {
    query: fleet.query,
    sort: fleet.sort,
    range,
    opened: fleet.opened,
  });
  const selection = useSelection(matching);
  useDocumentTitle(words.title, counts.offline);

  const isTable = fleet.layout !== "cards" && isWide;
  const [{ setOpened }, { toggle }] = [fleet, selection];
  const dayBars = useDayBars(matching, isTable && chosenColumns.includes("day") ? range : null);
  const actions = useRowActions(setFocusedId, setOpened, toggle);
  useFleetKeys({
    entries: matching,
    focusedId,
    openedId: fleet.opened,
    selection: canEdit ? selection : null,
    setFocused: setFocusedId,
    setOpened,
  });
  const save = (list: FleetEntry[]) => download("fleet.csv", fleetCsv(list, pulses), CSV_TYPE);
  const opened = entries.find(({ machine }) => machine.machineId === fleet.opened);
  const chosen = matching.filter(({ machine }) => selection.ids.has(machine.machineId));

  return (
    <div className={cn("grid gap-4", opened !== undefined && "xl:grid-cols-[minmax(0,1fr)_22rem]")}>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4">
        <FleetSummary
          entries={entries}
          counts={counts}
          total={total}
          selected={stateInQuery(fleet.query)}
          onSelect={(state) => fleet.setQuery(withState(fleet.query, state))}
        />
        {isVersionsOpen && (
          <Suspense>
            <VersionCard
              entries={entries}
              query={fleet.query}
              onQuery={fleet.setQuery}
              onClose={() => setIsVersionsOpen(false)}
            />
          </Suspense>
        )}
        <section
          aria-label={words.machines}
          className="@container rounded-lg border border-line bg-surface shadow-card"
        >
          <FleetBar
            fleet={fleet}
            problems={problems}
            count={countText(matching.length, machines.length, total)}
            chosenColumns={chosenColumns}
            onColumns={setChosenColumns}
            onDownload={() => save(matching)}
            isVersionsOpen={isVersionsOpen}
            onVersions={setIsVersionsOpen}
          />
          {matching.length === 0 ? (
            <NothingFound query={fleet.query} onClear={() => fleet.setQuery("")} />
          ) : isTable ? (
            <DayBarsContext value={dayBars}>
              <FleetTable
                entries={matching}
                pulses={pulses}
                columnKeys={chosenColumns}
                sort={fleet.sort}
                onSort={fleet.toggleSort}
                canSortLive={isLiveList(machines.length)}
                selection={canEdit ? selection : null}
                focusedId={focusedId}
                openedId={fleet.opened}
                actions={actions}
                onRange={setRange}
              />
            </DayBarsContext>
          ) : (
            <FleetStack
              entries={matching}
              pulses={pulses}
              isGrid={isWide}
              onCount={(end) => setRange({ first: 0, end })}
            />
          )}
          {chosen.length > 0 && (
            <BulkBar chosen={chosen} onClear={selection.clear} onDownload={() => save(chosen)} />
          )}
        </section>
      </div>
      {opened !== undefined && (
        <MachinePanel
          entry={opened}
          pulse={pulses.get(opened.machine.machineId)}
          canAct={canEdit}
          onClose={() => setOpened(null)}
        />
      )}
      {fleet.layout === "wall" && (
        <FleetWall
          entries={matching}
          counts={counts}
          total={total}
          onClose={() => fleet.setLayout("table")}
        />
      )}
    </div>
  );
}

/** The same object until something of it changes: with each heartbeat only the rows that it concerns are drawn. */
function useRowActions(
  focus: (machineId: string) => void,
  open: (machineId: string) => void,
  select: RowActions["select"],
): RowActions {
  return useMemo(
    () => ({
      open: (machineId) => {
        focus(machineId);
        open(machineId);
      },
      select,
      focus,
    }),
    [focus, open, select],
  );
}

function countText(matching: number, arrived: number, total: number): string {
  const { fleet, format } = texts();
  const all = format.machines(total);
  if (arrived < total) return fleet.summary.loading(formatCount(arrived), all);
  return matching === total ? all : fleet.summary.matching(formatCount(matching), all);
}

function parseColumns(stored: unknown): readonly ColumnKey[] {
  if (!Array.isArray(stored)) return defaultColumns;
  return columnKeys.filter((key) => stored.includes(key));
}

function isTrue(stored: unknown): boolean {
  return stored === true;
}
