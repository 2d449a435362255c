import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode } from "react";
import { type Pulse } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { columnClass } from "./columns.ts";
import { FleetRow } from "./FleetRow.tsx";
import { type FleetEntry, type SortKey } from "./fleetView.ts";
import { type FleetQuery } from "./useFleetQuery.ts";

/** The fleet as a dense table. Columns leave from the least needed as the container gets narrow. */
export function FleetTable({
  entries,
  pulses,
  sort,
  onSort,
}: {
  entries: FleetEntry[];
  pulses: ReadonlyMap<string, Pulse>;
  sort: FleetQuery["sort"];
  onSort: (key: SortKey) => void;
}) {
  const header = (key: SortKey, label: string) => (
    <SortButton isOn={sort.key === key} isReversed={sort.isReversed} onClick={() => onSort(key)}>
      {label}
    </SortButton>
  );
  const sortOf = (key: SortKey) =>
    sort.key === key ? (sort.isReversed ? "descending" : "ascending") : undefined;
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <caption className="sr-only">Machines</caption>
      <thead className="text-left text-xs text-ink-faint [&_th]:border-b [&_th]:border-line [&_th]:font-medium">
        <tr className="h-9">
          <th scope="col" className={columnClass.status} aria-sort={sortOf("urgency")}>
            {header("urgency", "Status")}
          </th>
          <th scope="col" className={columnClass.name} aria-sort={sortOf("name")}>
            {header("name", "Name")}
          </th>
          <th scope="col" className={columnClass.lastSeen} aria-sort={sortOf("lastSeen")}>
            {header("lastSeen", "Last seen")}
          </th>
          <th scope="col" className={columnClass.meter}>
            <span className="pl-2">CPU</span>
          </th>
          <th scope="col" className={columnClass.meter}>
            <span className="pl-2">Memory</span>
          </th>
          <th scope="col" className={columnClass.disk}>
            <span className="pl-2">Disk</span>
          </th>
          <th scope="col" className={cn(columnClass.assistants, "text-right")}>
            Assistants
          </th>
          <th scope="col" className={columnClass.version} aria-sort={sortOf("version")}>
            {header("version", "Version")}
          </th>
          <th scope="col" className={columnClass.hostname}>
            Hostname
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <FleetRow
            key={entry.machine.machineId}
            entry={entry}
            pulse={pulses.get(entry.machine.machineId)}
          />
        ))}
      </tbody>
    </table>
  );
}

function SortButton({
  isOn,
  isReversed,
  onClick,
  children,
}: {
  isOn: boolean;
  isReversed: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const Arrow = isReversed ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn(
        "-ml-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:bg-hover hover:text-ink",
        isOn && "text-ink",
      )}
    >
      {children}
      <Arrow aria-hidden="true" className={cn("size-3", !isOn && "opacity-0")} />
    </button>
  );
}
