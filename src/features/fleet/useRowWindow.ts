import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";

/** Two rem: the height of a row. On wall displays a rem is more than 16 pixels. */
const ROW_REM = 2;
const OVERSCAN_ROWS = 12;

export interface RowWindow {
  /** Indexes of the rows to render, with the empty height in pixels ahead of each. */
  rows: { index: number; gapPx: number }[];
  /** Empty height after the last row. */
  tailPx: number;
  isScrolling: boolean;
  scrollToIndex: (index: number) => void;
}

/**
 * The rows that can be seen while the page scrolls, of a body that may have ten thousand. `kept` is the index of the
 * row that has the focus, or -1: it stays in the document, so that scrolling takes the focus from nobody.
 */
export function useRowWindow(
  body: RefObject<HTMLElement | null>,
  count: number,
  kept: number,
): RowWindow {
  const rowPx = useRowHeight();
  const top = useTopOf(body);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
    scrollPaddingStart: 2 * rowPx,
    scrollPaddingEnd: 3 * rowPx,
    rangeExtractor: ({ startIndex, endIndex, overscan }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
      if (kept >= 0 && kept < first) return [kept, ...indexes];
      return kept > last && kept < count ? [...indexes, kept] : indexes;
    },
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowPx]);

  const items = virtualizer.getVirtualItems();
  const rows = items.map(({ index }, place) => {
    const previous = items[place - 1]?.index ?? -1;
    return { index, gapPx: (index - previous - 1) * rowPx };
  });
  const end = (items.at(-1)?.index ?? -1) + 1;
  return {
    rows,
    tailPx: Math.max(0, count - end) * rowPx,
    isScrolling: virtualizer.isScrolling,
    scrollToIndex: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}

function useRowHeight(): number {
  const [rowPx, setRowPx] = useState(readRowHeight);
  useLayoutEffect(() => {
    const update = () => setRowPx(readRowHeight());
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return rowPx;
}

function readRowHeight(): number {
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return ROW_REM * (Number.isFinite(remPx) ? remPx : 16);
}

/** How far below the page's top the element begins: what stands above it grows and shrinks. */
function useTopOf(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const rect = element.current?.getBoundingClientRect();
      if (rect !== undefined) setTop(Math.round(rect.top + window.scrollY));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return top;
}
