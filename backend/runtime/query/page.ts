/**
 * `.paginate()`: one page of a query, gapless across re-runs because a re-run ends where the first run ended. A page that
 * has grown so much meanwhile tells where clients are to split it in two.
 */
import { NestedError } from "../errors.ts";
import type { Transaction } from "../transaction.ts";
import { fingerprintOf, type CursorCodec, type Position } from "./cursor.ts";
import { bindQuery, tableNameOf, type BoundQuery, type QueryRequest } from "./request.ts";
import { QueryStream } from "./stream.ts";

export type PageRequest = {
  query: QueryRequest;
  cursor: string | null;
  endCursor?: string | null;
  pageSize: number;
  maximumRowsRead?: number;
  maximumBytesRead?: number;
};

const DEFAULT_MAXIMUM_ROWS = 16_384;
const DEFAULT_MAXIMUM_BYTES = 8 << 20;
/** As Convex has it: from this share of what a page may read, or with so many items, it is better split. */
const SPLIT_SHARE = 0.75;
const SPLIT_ITEMS = 6_144;

/** The JSON text of the syscall's answer. */
export function readPage(
  transaction: Transaction,
  codec: CursorCodec,
  componentId: number,
  componentPath: string,
  request: PageRequest,
): string {
  if (componentPath !== "")
    throw new Error("paginate() is only supported in the app, not in components.");
  if (transaction.paginated)
    throw new Error(
      "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
    );
  transaction.paginated = true;
  if (!Number.isInteger(request.pageSize) || request.pageSize < 1) {
    throw new Error(`numItems must be a positive integer, got ${request.pageSize}.`);
  }
  const fingerprint = fingerprintOf(componentPath, request.query);
  const start = position(codec, request.cursor, fingerprint);
  const end = position(codec, request.endCursor ?? transaction.journal, fingerprint);
  const table = transaction.store.catalog.table(componentId, tableNameOf(request.query.source));
  const bound = withPositions(bindQuery(request.query, table), start, end);
  const page = start === "end" ? emptyPage() : collect(transaction, bound, request, end !== null);
  const continueAt: Position = page.isDone ? "end" : { after: page.lastKey };
  const continueCursor = codec.encode(end ?? continueAt, fingerprint);
  transaction.nextJournal = continueCursor;
  const isDone = end === null ? page.isDone : end === "end";
  const { splitKey, pageStatus } = page;
  const splitCursor = splitKey === null ? null : codec.encode({ after: splitKey }, fingerprint);
  return `{"page":[${page.docs.join(",")}],"isDone":${isDone},"continueCursor":${JSON.stringify(continueCursor)},"splitCursor":${JSON.stringify(splitCursor)},"pageStatus":${JSON.stringify(pageStatus)}}`;
}

type PageStatus = "SplitRecommended" | "SplitRequired" | null;
type Page = {
  docs: string[];
  isDone: boolean;
  lastKey: string;
  splitKey: string | null;
  pageStatus: PageStatus;
};

function emptyPage(): Page {
  return { docs: [], isDone: true, lastKey: "", splitKey: null, pageStatus: null };
}

/** A page whose end is fixed holds what lies before it, however much. Another one ends where it has enough. */
function collect(
  transaction: Transaction,
  bound: BoundQuery,
  request: PageRequest,
  isEndFixed: boolean,
): Page {
  const rows = request.maximumRowsRead ?? DEFAULT_MAXIMUM_ROWS;
  const bytes = request.maximumBytesRead ?? DEFAULT_MAXIMUM_BYTES;
  // One row is no progress for a page that is to be split.
  const budget = { rows, bytes, leastRows: isEndFixed ? 2 : 1 };
  const stream = new QueryStream(transaction, bound, budget);
  const keys: string[] = [];
  if (isEndFixed) stream.scannedKeys = keys;
  const docs: string[] = [];
  let isDone = false;
  while (isEndFixed || docs.length < request.pageSize) {
    const doc = stream.next();
    isDone = doc === null && !stream.isSpent;
    if (doc === null) break;
    docs.push(doc);
  }
  const lastKey = stream.lastKey ?? "";
  if (!isEndFixed) return { docs, isDone, lastKey, splitKey: null, pageStatus: null };
  const isLarge =
    stream.scannedRows > rows * SPLIT_SHARE ||
    stream.scannedBytes > bytes * SPLIT_SHARE ||
    docs.length > Math.min(2 * request.pageSize, SPLIT_ITEMS);
  const pageStatus = !isDone ? "SplitRequired" : isLarge ? "SplitRecommended" : null;
  const splitKey = pageStatus === null ? null : (keys[(keys.length - 2) >> 1] ?? null);
  return { docs, isDone, lastKey, splitKey, pageStatus };
}

/** Narrows the range to what lies between two positions, in the direction of the query. */
function withPositions(
  bound: BoundQuery,
  start: Position | null,
  end: Position | null,
): BoundQuery {
  const range = { ...bound.range };
  const ascending = bound.direction === "asc";
  if (start !== null && start !== "end") {
    if (ascending) range.low = larger(range.low, `${start.after}\x00`);
    else range.high = smaller(range.high, start.after);
  }
  if (end !== null && end !== "end") {
    if (ascending) range.high = smaller(range.high, `${end.after}\x00`);
    else range.low = larger(range.low, end.after);
  }
  return { ...bound, range };
}

function larger(a: string, b: string): string {
  return a > b ? a : b;
}

function smaller(a: string, b: string): string {
  return a < b ? a : b;
}

function position(codec: CursorCodec, cursor: string | null, fingerprint: string): Position | null {
  if (cursor === null) return null;
  const found = codec.decode(cursor, fingerprint);
  if (found !== null) return found;
  throw new NestedError(
    "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    {
      isConvexSystemError: true,
      paginationError: "InvalidCursor",
    },
  );
}
