/**
 * Range reads over an index or over by_id, in either direction, a page at a time. The one place where scan SQL is made.
 */
import { bufferToKey, keyToBuffer } from "../values/sortKey.ts";
import type { TableInfo } from "./catalog.ts";
import type { Database } from "./database.ts";

/** Keys from `low` (inclusive) to `high` (exclusive). */
export type KeyRange = { low: string; high: string };

export type ScanSource = {
  table: TableInfo;
  /** Null reads by_id. */
  indexId: number | null;
};

export type ScannedRow = { key: string; doc: string };

export type Direction = "asc" | "desc";

/** Names the key space of a source as TouchedKey does. */
export function spaceOf({ table, indexId }: ScanSource): string {
  return indexId === null ? table.space : `i${indexId}`;
}

export function scan(
  database: Database,
  source: ScanSource,
  range: KeyRange,
  direction: Direction,
  limit: number,
): ScannedRow[] {
  const statement = database.statement(scanSql(source, direction));
  const rows = statement.all(keyToBuffer(range.low), keyToBuffer(range.high), limit);
  return rows.map(([key, doc]) => ({ key: bufferToKey(key as Uint8Array), doc: doc as string }));
}

/**
 * Made once for each index and direction: the texts are also the keys of the statement cache. A number is given again
 * when the index that had it was rolled back, so that it says nothing without its table.
 */
const texts = new Map<string, string>();

function scanSql(source: ScanSource, direction: Direction): string {
  const name = `${source.table.space} ${spaceOf(source)} ${direction}`;
  let sql = texts.get(name);
  if (sql === undefined) {
    const order = direction === "asc" ? "ASC" : "DESC";
    const documents = `d_${source.table.id}`;
    sql =
      source.indexId === null
        ? `SELECT id, doc FROM ${documents} WHERE id >= ? AND id < ? ORDER BY id ${order} LIMIT ?`
        : `SELECT i.key, d.doc FROM i_${source.indexId} i CROSS JOIN ${documents} d ON d.id = substr(i.key, -16)
           WHERE i.key >= ? AND i.key < ? ORDER BY i.key ${order} LIMIT ?`;
    texts.set(name, sql);
  }
  return sql;
}
