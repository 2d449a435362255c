import { clock } from "@/lib/clock.ts";
import { HOUR } from "../../../core/time.ts";
import { type ColumnKey } from "./columns.tsx";
import { FleetFilter } from "./FleetFilter.tsx";
import { FleetTools } from "./FleetTools.tsx";
import { type FleetQuery } from "./useFleetQuery.ts";
import { useSavedViews } from "./useSavedViews.ts";

/** Where time travel begins: what happened just now is what people look for. */
const LOOK_BACK_MS = HOUR;

/** Above the list: the filter, how many it keeps, and the tools. */
export function FleetBar({
  fleet,
  problems,
  count,
  chosenColumns,
  onColumns,
  onDownload,
  isVersionsOpen,
  onVersions,
}: {
  fleet: FleetQuery;
  problems: string[];
  /** "3 of 40 machines". */
  count: string;
  chosenColumns: readonly ColumnKey[];
  onColumns: (columns: readonly ColumnKey[]) => void;
  onDownload: () => void;
  isVersionsOpen: boolean;
  onVersions: (isOpen: boolean) => void;
}) {
  const views = useSavedViews();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
      <FleetFilter query={fleet.query} problems={problems} onChange={fleet.setQuery} />
      <p role="status" className="ml-auto text-xs text-ink-faint max-sm:sr-only">
        {count}
      </p>
      <FleetTools
        layout={fleet.layout}
        onLayout={fleet.setLayout}
        chosenColumns={chosenColumns}
        onColumns={onColumns}
        views={views}
        search={fleet.search}
        onSearch={fleet.setSearch}
        onDownload={onDownload}
        isVersionsOpen={isVersionsOpen}
        onVersions={onVersions}
        onPast={() => fleet.setAt(clock.now() - LOOK_BACK_MS)}
      />
    </div>
  );
}
