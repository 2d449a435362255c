/** Reads page after page until enough rows are found: filters may leave little of each. */
import { MAX_MACHINES } from "../model/machines.ts";

/** What one query hands over: the rows that were wanted, and where the next goes on; null at the end. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** Rows that one query looks at, whether they are wanted or not. */
export const PAGE_ROWS = 200;
/** Queries for one request that can go on with a cursor. */
const MAX_PAGES = 100;
/** For one that wants everything: a whole fleet, however large it may be. */
const MAX_PAGES_OF_ALL = MAX_MACHINES / PAGE_ROWS;

/** `limit` rows at most, and where the next request goes on; null where nothing is left. */
export async function collect<Row>({
  limit,
  cursor,
  read,
}: {
  limit: number;
  cursor: string | null;
  read: (page: { cursor: string | null; limit: number }) => Promise<Page<Row>>;
}): Promise<Page<Row>> {
  const rows: Row[] = [];
  let next: string | null = cursor;
  const pages = limit === Infinity ? MAX_PAGES_OF_ALL : MAX_PAGES;
  for (let page = 0; page < pages && rows.length < limit; page++) {
    const part: Page<Row> = await read({
      cursor: next,
      limit: Math.min(PAGE_ROWS, limit - rows.length),
    });
    rows.push(...part.rows);
    next = part.next;
    if (next === null) break;
  }
  return { rows, next };
}

/** Of some rows that were looked at, in order, the wanted ones; stops where there are enough. */
export async function pick<Found, Row>({
  found,
  limit,
  isLast,
  cursorOf,
  toRow,
}: {
  found: Found[];
  limit: number;
  /** Nothing is behind the last of these. */
  isLast: boolean;
  cursorOf: (found: Found) => string;
  /** null for one that is not wanted. */
  toRow: (found: Found) => Promise<Row | null>;
}): Promise<Page<Row>> {
  const rows: Row[] = [];
  for (const [index, candidate] of found.entries()) {
    const row = await toRow(candidate);
    if (row !== null) rows.push(row);
    const isEnd = isLast && index === found.length - 1;
    if (rows.length === limit) return { rows, next: isEnd ? null : cursorOf(candidate) };
  }
  const last = found.at(-1);
  return { rows, next: isLast || last === undefined ? null : cursorOf(last) };
}
