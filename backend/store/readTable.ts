/** Whole tables from a reader's connection, a page at a time: for exports, which keep no table in memory. */
import type { TableInfo } from "./catalog.ts";
import type { Database } from "./database.ts";

const PAGE = 500;

/** The JSON texts of all documents in the order of their ids. */
export function* documentTexts(database: Database, table: TableInfo): Generator<string[]> {
  const page = database.statement(
    `SELECT id, doc FROM d_${table.id} WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
  );
  let after: Uint8Array = Buffer.alloc(0);
  for (;;) {
    const rows = page.all(after);
    if (rows.length > 0) yield rows.map(([, doc]) => doc as string);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last[0] as Uint8Array;
  }
}

export function isEmpty(database: Database, table: TableInfo): boolean {
  return database.statement(`SELECT 1 FROM d_${table.id} LIMIT 1`).get() === undefined;
}
