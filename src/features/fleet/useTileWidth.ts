import { useSyncExternalStore } from "react";

/** Width by height of a tile with its two lines. */
const ASPECT = 2.75;
/** Gaps between tiles and a last row that is not full. */
const PACKING = 0.92;
const MIN_PX = 160;
const MAX_PX = 480;
/** What is around the tiles: padding, and the header above them. */
const AROUND_PX = { width: 48, height: 150 };

/** How wide the tiles of the wall can be so that all of them fill the screen once. */
export function tileWidthPx(
  cells: number,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): number {
  const area = (widthPx - AROUND_PX.width) * (heightPx - AROUND_PX.height);
  const fitting = Math.sqrt((Math.max(0, area) * ASPECT) / Math.max(1, cells)) * PACKING;
  // On a phone there is one column at least.
  const most = Math.min(MAX_PX, widthPx - AROUND_PX.width);
  return Math.round(Math.min(most, Math.max(MIN_PX, fitting)));
}

export function useTileWidth(cells: number): number {
  return useSyncExternalStore(subscribe, () =>
    tileWidthPx(cells, { widthPx: innerWidth, heightPx: innerHeight }),
  );
}

function subscribe(listener: () => void): () => void {
  addEventListener("resize", listener);
  return () => removeEventListener("resize", listener);
}
