import { Fragment, useEffect, useEffectEvent, useRef } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { type ColumnKey } from "./columns.tsx";
import { FleetHead } from "./FleetHead.tsx";
import { FleetRow, type RowActions } from "./FleetRow.tsx";
import { type FleetEntry, type Order, type SortKey } from "./fleetView.ts";
import { type Selection } from "./useSelection.ts";
import { PULSE_CHUNK, type Pulses } from "./usePulses.ts";
import { useRowWindow } from "./useRowWindow.ts";

export interface FleetTableProps {
  entries: FleetEntry[];
  pulses: Pulses;
  columnKeys: readonly ColumnKey[];
  sort: Order;
  onSort: (key: SortKey) => void;
  /** Only small fleets know the numbers of all machines at once. */
  canSortLive: boolean;
  /** Null where the reader may change nothing. */
  selection: Selection | null;
  focusedId: string | null;
  openedId: string | null;
  actions: RowActions;
  /** The rows on screen, as a range in steps of a chunk: only their heartbeats are worth a subscription. */
  onRange: (range: { first: number; end: number }) => void;
}

/** The fleet as a dense table. Columns leave from the least needed as the container gets narrow. */
export function FleetTable(props: FleetTableProps) {
  const { entries, pulses, columnKeys, selection, focusedId, openedId, actions, onRange } = props;
  const { fleet: texts } = useTexts();
  const body = useRef<HTMLTableSectionElement>(null);
  const focusedIndex = entries.findIndex(({ machine }) => machine.machineId === focusedId);
  const { rows, tailPx, isScrolling, scrollToIndex } = useRowWindow(
    body,
    entries.length,
    focusedIndex,
  );
  const seen = rows.filter(({ index }) => index !== focusedIndex);
  const first = Math.floor((seen[0]?.index ?? 0) / PULSE_CHUNK) * PULSE_CHUNK;
  const end = Math.ceil(((seen.at(-1)?.index ?? 0) + 1) / PULSE_CHUNK) * PULSE_CHUNK;
  useEffect(() => {
    if (!isScrolling) onRange({ first, end });
  }, [isScrolling, first, end, onRange]);
  // The keyboard's row comes into sight when it changes; rows that move under it must not scroll the page.
  const showFocused = useEffectEvent((machineId: string) => {
    const link = body.current?.querySelector<HTMLElement>(`a[data-machine="${machineId}"]`);
    if (!link || link === document.activeElement) return;
    scrollToIndex(focusedIndex);
    link.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (focusedId !== null) showFocused(focusedId);
  }, [focusedId]);
  return (
    <table
      aria-rowcount={entries.length + 1}
      className="w-full table-fixed border-separate border-spacing-0 text-sm"
    >
      <caption className="sr-only">{texts.machines}</caption>
      <FleetHead {...props} />
      <tbody ref={body}>
        {rows.map(({ index, gapPx }) => {
          const entry = entries[index];
          if (entry === undefined) return null;
          const { machineId } = entry.machine;
          return (
            <Fragment key={machineId}>
              <Spacer heightPx={gapPx} />
              <FleetRow
                entry={entry}
                pulse={pulses.get(machineId)}
                rowIndex={index + 2}
                columnKeys={columnKeys}
                isSelected={selection === null ? null : selection.ids.has(machineId)}
                isOpened={machineId === openedId}
                actions={actions}
              />
            </Fragment>
          );
        })}
        <Spacer heightPx={tailPx} />
      </tbody>
    </table>
  );
}

/** The height of rows that are not in the document. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td style={{ height: heightPx, padding: 0 }} />
    </tr>
  );
}
