/**
 * The small part of SQLite that the store needs, and its one adapter. Nothing else in the repository imports
 * `node:sqlite`, so another driver would be another 40 lines here.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";

export type SqlValue = null | number | bigint | string | Uint8Array;

export type Statement = {
  run(...values: SqlValue[]): void;
  /** The first row as an array of columns, or undefined. */
  get(...values: SqlValue[]): SqlValue[] | undefined;
  all(...values: SqlValue[]): SqlValue[][];
};

export type Sqlite = {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
};

/** Opens (and creates) a database file for one writer: WAL, every commit on disk before it returns. */
export function openSqlite(path: string): Sqlite {
  const database = new DatabaseSync(path, { timeout: 2_000 });
  // 8 KiB pages keep documents of up to 2 KB inside the leaf of a WITHOUT ROWID tree.
  database.exec("PRAGMA page_size = 8192");
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA cache_size = -131072");
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("PRAGMA foreign_keys = OFF");
  return {
    prepare: (sql) => adapt(database.prepare(sql)),
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function adapt(statement: StatementSync): Statement {
  statement.setReturnArrays(true);
  return {
    run: (...values) => {
      statement.run(...values);
    },
    get: (...values) => statement.get(...values) as unknown as SqlValue[] | undefined,
    all: (...values) => statement.all(...values) as unknown as SqlValue[][],
  };
}
