/** `.paginate()`: one page of a query, gapless across re-runs because a re-run ends where the first run ended. */
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
  const continueAt: Position = page.isDone ? "end" : (end ?? { after: page.lastKey });
  const continueCursor = codec.encode(page.isDone && end !== null ? end : continueAt, fingerprint);
  transaction.nextJournal = continueCursor;
  const isDone = end === null ? page.isDone : end === "end";
  return `{"page":[${page.docs.join(",")}],"isDone":${isDone},"continueCursor":${JSON.stringify(continueCursor)},"splitCursor":null,"pageStatus":null}`;
}

type Page = { docs: string[]; isDone: boolean; lastKey: string };

function emptyPage(): Page {
  return { docs: [], isDone: true, lastKey: "" };
}

function collect(
  transaction: Transaction,
  bound: BoundQuery,
  request: PageRequest,
  hasEnd: boolean,
): Page {
  const stream = new QueryStream(transaction, bound);
  const maximumRows = request.maximumRowsRead ?? DEFAULT_MAXIMUM_ROWS;
  const maximumBytes = request.maximumBytesRead ?? DEFAULT_MAXIMUM_BYTES;
  const docs: string[] = [];
  for (;;) {
    const enough =
      docs.length >= request.pageSize ||
      stream.scannedRows >= maximumRows ||
      stream.scannedBytes >= maximumBytes;
    if (enough && !hasEnd) return { docs, isDone: false, lastKey: stream.lastKey ?? "" };
    const doc = stream.next();
    if (doc === null) return { docs, isDone: true, lastKey: stream.lastKey ?? "" };
    docs.push(doc);
  }
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
