import { useSyncExternalStore } from "react";

/** A tile of its two lines is as wide as this many heights of its text, and this many high. */
export const TEXTS_PER_TILE = 11.5;
const TEXTS_HIGH = 4.1;
/** Tiles that leave a part of the screen free grow into it, up to this many heights. */
const MOST_TEXTS_HIGH = 6;
const GAP_PX = 8;
const MIN_PX = 150;
const MAX_PX = 480;
/** What is around the tiles: padding, and the header above them. */
const AROUND_PX = { width: 48, height: 160 };

interface TileCount {
  tiles: number;
  /** How many of them are as wide as two. */
  wide: number;
}

interface TileGrid {
  columns: number;
  tilePx: number;
  /** How high a tile is where that leaves nothing of the screen free. */
  rowPx: number;
}

/** The fewest columns, and so the widest tiles, with which all cells are on the screen at once, or nearly so. */
export function tileGrid(
  count: TileCount,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): TileGrid {
  const width = Math.max(MIN_PX, widthPx - AROUND_PX.width);
  const height = heightPx - AROUND_PX.height;
  const most = Math.max(1, Math.floor((width + GAP_PX) / (MIN_PX + GAP_PX)));
  let columns = Math.min(most, Math.ceil((width + GAP_PX) / (MAX_PX + GAP_PX)));
  while (columns < most && heightOf(count, columns, width) > height) columns += 1;
  const tilePx = Math.floor((width + GAP_PX) / columns) - GAP_PX;
  const textPx = tilePx / TEXTS_PER_TILE;
  const freePx = Math.floor((height + GAP_PX) / Math.max(1, rowsOf(count, columns))) - GAP_PX;
  const rowPx = Math.round(
    Math.min(textPx * MOST_TEXTS_HIGH, Math.max(textPx * TEXTS_HIGH, freePx)),
  );
  return { columns, tilePx, rowPx };
}

/** Wide tiles come first; where the columns are odd in number, each row of them leaves a cell free. */
function rowsOf({ tiles, wide }: TileCount, columns: number): number {
  if (columns === 1) return tiles;
  const rowsOfWide = Math.ceil(wide / Math.floor(columns / 2));
  const free = columns % 2 === 1 ? Math.max(0, rowsOfWide - 1) : 0;
  return Math.ceil((tiles + wide + free) / columns);
}

function heightOf(count: TileCount, columns: number, width: number): number {
  const tile = (((width + GAP_PX) / columns - GAP_PX) / TEXTS_PER_TILE) * TEXTS_HIGH;
  return rowsOf(count, columns) * (tile + GAP_PX);
}

/** Follows the window. */
export function useTileGrid(count: TileCount): TileGrid {
  const size = useSyncExternalStore(subscribe, () => `${innerWidth} ${innerHeight}`);
  const [widthPx = 0, heightPx = 0] = size.split(" ").map(Number);
  return tileGrid(count, { widthPx, heightPx });
}

function subscribe(listener: () => void): () => void {
  addEventListener("resize", listener);
  return () => removeEventListener("resize", listener);
}
