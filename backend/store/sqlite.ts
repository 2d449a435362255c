/**
 * The small part of SQLite that the store needs, and its one adapter. Nothing else in the repository imports
 * `node:sqlite`, so another driver would be another 100 lines here.
 */
import { closeSync, fdatasync, openSync } from "node:fs";
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
  /**
   * Resolves once all that was committed before this call is on the disk, so that no power cut takes it back. Rejects when
   * the disk fails: what the file holds is then anybody's guess.
   */
  sync(): Promise<void>;
  /** Rows written since it was opened. */
  changes(): number;
  /**
   * Moves what the log holds into the file, as far as nobody reads or moves it; a log that is moved whole begins anew with
   * the next write. Not inside a transaction.
   */
  checkpoint(): void;
  /**
   * The first failure of the file itself (disk full, input/output), after which SQLite may have rolled the open
   * transaction back by itself: what follows would be committed statement by statement. So everything is refused with
   * this error until `recover` is called.
   */
  readonly failure: Error | null;
  /** Ends the broken transaction, if any is left, and serves again. */
  recover(): void;
};

/**
 * Opens (and creates) a database file for one writer. A commit is in the write-ahead log and consistent when it returns, but
 * on the disk only after `sync`: so the next transactions can run while the disk works.
 */
export function openSqlite(path: string): Sqlite {
  const database = new DatabaseSync(path, { timeout: 2_000 });
  // A page is written to the log whole, and a small write touches several: smaller pages are less work. Documents of up
  // to 1 KB still lie inside the leaf of a WITHOUT ROWID tree. A file that exists keeps the size that it has.
  database.exec("PRAGMA page_size = 4096");
  database.exec("PRAGMA journal_mode = WAL");
  // The log is still synced before a checkpoint moves it into the file; each commit is left to `sync`.
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA cache_size = -32768");
  // Left to runtime/checkpoints.ts, which is to be done before this.
  database.exec("PRAGMA wal_autocheckpoint = 12000");
  // A reader (export, backup) makes the log grow while it lasts; afterwards it is cut back to this.
  database.exec("PRAGMA journal_size_limit = 67108864");
  database.exec("PRAGMA foreign_keys = OFF");
  return new Adapter(database, `${path}-wal`);
}

/** Opens a second connection that only reads: its transactions see one state while the writer goes on. */
export function openSqliteReader(path: string): Sqlite {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  database.exec("PRAGMA cache_size = -16384");
  return new Adapter(database);
}

/** Opens another connection that only moves what the owner has committed from the log into the file. */
export function openCheckpointing(path: string): Sqlite {
  const database = new DatabaseSync(path, { timeout: 2_000 });
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA cache_size = -256");
  return new Adapter(database);
}

/**
 * Takes a lock that lasts as long as the returned object: the system gives it back also when the process is killed.
 * Throws when another process has it. Beside the database, since a lock on that would shut out our own readers.
 */
export function takeLock(path: string): object {
  const database = new DatabaseSync(path, { timeout: 500 });
  try {
    // Nothing is ever written to it: a full disk must not stand in the way.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

class Adapter implements Sqlite {
  readonly #database: DatabaseSync;
  readonly #logPath: string | null;
  /** The log's own descriptor. SQLite keeps the file itself for as long as the database is open. */
  #log: number | null = null;
  #changes: Statement | undefined;
  failure: Error | null = null;

  /** Readers commit nothing and need no log. */
  constructor(database: DatabaseSync, logPath: string | null = null) {
    this.#database = database;
    this.#logPath = logPath;
  }

  prepare(sql: string): Statement {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return new AdaptedStatement(this, statement);
  }

  exec(sql: string): void {
    if (this.failure !== null) throw this.failure;
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw this.note(error);
    }
  }

  recover(): void {
    this.failure = null;
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  sync(): Promise<void> {
    if (this.#logPath === null) return Promise.resolve();
    const log = (this.#log ??= openSync(this.#logPath, "r+"));
    return new Promise((resolve, reject) =>
      fdatasync(log, (error) => (error === null ? resolve() : reject(explained(error, IO)))),
    );
  }

  changes(): number {
    this.#changes ??= this.prepare("SELECT total_changes()");
    return Number(this.#changes.get()?.[0]);
  }

  checkpoint(): void {
    try {
      this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // What could not be moved stays in the log, and a disk that is full or broken is told of by the next commit.
    }
  }

  close(): void {
    this.#database.close();
    if (this.#log !== null) closeSync(this.#log);
    this.#log = null;
  }

  /** Remembers an error that breaks transactions; returns what to throw. */
  note(error: unknown): unknown {
    const code = Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (error instanceof Error && BREAKING.has(code)) this.failure = explained(error, code);
    return this.failure ?? error;
  }
}

class AdaptedStatement implements Statement {
  readonly #owner: Adapter;
  readonly #statement: StatementSync;

  constructor(owner: Adapter, statement: StatementSync) {
    this.#owner = owner;
    this.#statement = statement;
  }

  run(...values: SqlValue[]): void {
    if (this.#owner.failure !== null) throw this.#owner.failure;
    try {
      this.#statement.run(...values);
    } catch (error) {
      throw this.#owner.note(error);
    }
  }

  get(...values: SqlValue[]): SqlValue[] | undefined {
    if (this.#owner.failure !== null) throw this.#owner.failure;
    try {
      return this.#statement.get(...values) as unknown as SqlValue[] | undefined;
    } catch (error) {
      throw this.#owner.note(error);
    }
  }

  all(...values: SqlValue[]): SqlValue[][] {
    if (this.#owner.failure !== null) throw this.#owner.failure;
    try {
      return this.#statement.all(...values) as unknown as SqlValue[][];
    } catch (error) {
      throw this.#owner.note(error);
    }
  }
}

const FULL = 13;
const IO = 10;
/** FULL, IOERR, NOMEM, READONLY, CORRUPT, CANTOPEN: https://sqlite.org/lang_transaction.html, "automatic rollback". */
const BREAKING = new Set([FULL, IO, 7, 8, 11, 14]);

function explained(error: Error, code: number): Error {
  if (code === FULL) return new Error("the disk is full", { cause: error });
  if (code === IO) return new Error(`the disk failed (${error.message})`, { cause: error });
  return error;
}
