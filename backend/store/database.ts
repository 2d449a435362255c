/**
 * The open database: its own bookkeeping tables, cached statements and small key-value settings. What documents look
 * like is in catalog.ts and documents.ts.
 */
import { openSqlite, openSqliteReader, type Sqlite, type Statement } from "./sqlite.ts";

/** Raised when the file was written by a newer version: a downgrade would misread it. */
const FORMAT = 1;

/** Numbers of tables and indexes are never given again: memory that speaks of a dropped one speaks of nothing else. */
const BOOKKEEPING = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS components (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS tables (
    id INTEGER PRIMARY KEY AUTOINCREMENT, component INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
    UNIQUE (component, name));
  CREATE TABLE IF NOT EXISTS indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tableId INTEGER NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL,
    UNIQUE (tableId, name));
  CREATE TABLE IF NOT EXISTS sessionRequests (
    session TEXT NOT NULL, request INTEGER NOT NULL, outcome TEXT NOT NULL, ts INTEGER NOT NULL,
    PRIMARY KEY (session, request)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessionRequestsByTs ON sessionRequests (ts);
  CREATE TABLE IF NOT EXISTS jobs (
    id BLOB PRIMARY KEY, component INTEGER NOT NULL, dueMs REAL NOT NULL, target TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS jobsByDue ON jobs (dueMs);
  CREATE TABLE IF NOT EXISTS finishedJobs (
    completedMs REAL NOT NULL, id BLOB NOT NULL, component INTEGER NOT NULL,
    PRIMARY KEY (completedMs, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS crons (
    component TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, nextMs REAL NOT NULL,
    PRIMARY KEY (component, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS files (
    uuid TEXT PRIMARY KEY, component INTEGER NOT NULL, id BLOB NOT NULL, UNIQUE (component, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS modules (hash TEXT PRIMARY KEY, source TEXT NOT NULL, sourceMap TEXT) WITHOUT ROWID;
`;

export class Database {
  readonly path: string;
  readonly sqlite: Sqlite;
  readonly #statements = new Map<string, Statement>();

  /**
   * The owner writes; there is one. Readers see what it has committed. Throws with one clear line when the file is
   * locked, damaged, not writable or of a newer format.
   */
  constructor(path: string, access: "owner" | "reader" = "owner") {
    this.path = path;
    try {
      this.sqlite = access === "owner" ? openOwned(path) : openSqliteReader(path);
      this.#checkFormat(access);
    } catch (error) {
      throw this.explain(error);
    }
  }

  #checkFormat(access: "owner" | "reader"): void {
    const stored = this.setting("format");
    if (Number(stored ?? FORMAT) > FORMAT) {
      throw new Error(
        `${this.path} was written by a newer version (format ${stored}; this version reads up to ${FORMAT}).`,
      );
    }
    if (access === "owner" && stored === null) this.setSetting("format", String(FORMAT));
  }

  /** A prepared statement, kept for the life of the database. SQL is always a literal of store/ plus numeric ids. */
  statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  setting(name: string): string | null {
    const row = this.statement("SELECT value FROM settings WHERE name = ?").get(name);
    return row === undefined ? null : String(row[0]);
  }

  setSetting(name: string, value: string): void {
    this.statement("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)").run(name, value);
  }

  /** An error that says what to do, made of one that came from the file; others stay as they are. */
  explain(error: unknown): unknown {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = SENTENCES.find(([pattern]) => pattern.test(reason))?.[1];
    return sentence === undefined
      ? error
      : new Error(`${this.path} ${sentence(reason)}`, { cause: error });
  }

  close(): void {
    this.#statements.clear();
    this.sqlite.close();
  }
}

function openOwned(path: string): Sqlite {
  const sqlite = openSqlite(path);
  sqlite.exec("BEGIN IMMEDIATE; COMMIT");
  sqlite.exec(BOOKKEEPING);
  return sqlite;
}

const SENTENCES: [RegExp, (reason: string) => string][] = [
  [/locked|busy/i, () => "is in use by another process: stop it first."],
  [
    /malformed|not a database/i,
    (reason) => `is damaged (${reason}): restore it from a backup or move it away.`,
  ],
  [
    /readonly|read-only|unable to open/i,
    (reason) => `cannot be written (${reason}): check the folder's permissions.`,
  ],
  [/disk is full|ENOSPC/i, () => "cannot be opened: the disk is full. Free some space first."],
  [/the disk failed/, (reason) => `could not be opened: ${reason}`],
];
