import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { columns, fixedClass } from "./columns.tsx";
import { type FleetTableProps } from "./FleetTable.tsx";
import { type SortKey } from "./fleetView.ts";

/** The table's head: what each column is, and the way to order by it. Stays in sight while the rows scroll. */
export function FleetHead({
  entries,
  columnKeys,
  sort,
  onSort,
  canSortLive,
  selection,
}: Pick<
  FleetTableProps,
  "entries" | "columnKeys" | "sort" | "onSort" | "canSortLive" | "selection"
>) {
  const { fleet: texts } = useTexts();
  const sortable = (key: SortKey, label: string) => (
    <SortButton isOn={sort.key === key} isReversed={sort.isReversed} onClick={() => onSort(key)}>
      {label}
    </SortButton>
  );
  const sortOf = (key: SortKey | undefined) =>
    key !== undefined && sort.key === key
      ? sort.isReversed
        ? "descending"
        : "ascending"
      : undefined;
  return (
    <thead className="text-left text-xs text-ink-faint [&_th]:sticky [&_th]:top-13 [&_th]:z-10 [&_th]:border-b [&_th]:border-line [&_th]:bg-surface [&_th]:font-medium lg:[&_th]:top-0">
      <tr className="h-8" aria-rowindex={1}>
        {selection !== null && (
          <th scope="col" className={fixedClass.select}>
            <SelectAll
              isAll={entries.length > 0 && selection.ids.size >= entries.length}
              isSome={selection.ids.size > 0}
              onChange={(isAll) =>
                isAll
                  ? selection.replace(entries.map(({ machine }) => machine.machineId))
                  : selection.clear()
              }
            />
          </th>
        )}
        <th scope="col" className={fixedClass.status} aria-sort={sortOf("urgency")}>
          {sortable("urgency", texts.columns.status)}
        </th>
        <th scope="col" className={fixedClass.name} aria-sort={sortOf("name")}>
          {sortable("name", texts.columns.name)}
        </th>
        {columnKeys.map((key) => {
          const { className, sortKey, isLive } = columns[key];
          const label = texts.columns[key];
          const canSort = sortKey !== undefined && (isLive !== true || canSortLive);
          return (
            <th key={key} scope="col" className={className} aria-sort={sortOf(sortKey)}>
              {canSort ? sortable(sortKey, label) : label}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SelectAll({
  isAll,
  isSome,
  onChange,
}: {
  isAll: boolean;
  isSome: boolean;
  onChange: (isAll: boolean) => void;
}) {
  const { fleet: texts } = useTexts();
  return (
    <label className="flex h-8 items-center">
      <input
        type="checkbox"
        aria-label={texts.row.selectAll}
        checked={isAll}
        ref={(box) => {
          if (box !== null) box.indeterminate = isSome && !isAll;
        }}
        onChange={() => onChange(!isAll)}
        className="size-3.5 accent-accent"
      />
    </label>
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
      {isOn && <Arrow aria-hidden="true" className="size-3" />}
    </button>
  );
}
