/**
 * Documents and their index entries. Every write reports which index keys it touched, old and new: that is what wakes
 * watches. Runs inside whatever SQLite transaction or savepoint is open; knows nothing of functions or schemas.
 */
import { fieldOf, isEncodedObject, type Encoded, type EncodedObject } from "../values/encoded.ts";
import { bufferToKey, floatKey, keyToBuffer, sortKey } from "../values/sortKey.ts";
import type { Catalog, IndexInfo, TableInfo } from "./catalog.ts";
import type { Database } from "./database.ts";
import { RowCache } from "./rowCache.ts";
import {
  scan,
  spaceOf,
  type Direction,
  type KeyRange,
  type ScannedRow,
  type ScanSource,
} from "./scan.ts";
import type { Statement } from "./sqlite.ts";

/** A key written in an index. `space` is `i<index id>`, or `d<table id>` for the document itself (by_id). */
export type TouchedKey = { space: string; key: string };

/** More rows than a lookup is expected to have: not worth remembering. */
const MAX_LOOKUP_ROWS = 8;

/** Statements of one table or index, prepared once: their SQL depends on numbers only. */
type TableStatements = { get: Statement; insert: Statement; update: Statement; remove: Statement };
type IndexStatements = { add: Statement; remove: Statement };

export class Documents {
  readonly #database: Database;
  readonly #cache = new RowCache();
  readonly #tables = new Map<number, TableStatements>();
  readonly #indexes = new Map<number, IndexStatements>();
  /**
   * Whether anyone has read keys of a space. Keys that nobody can have read need not be reported, which spares their
   * computation on the path of every write.
   */
  isWatched: (space: string) => boolean = () => true;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The document's JSON text, or null. `internalId` is 16 bytes as latin1. */
  get(table: TableInfo, internalId: string): string | null {
    const known = this.#cache.document(table.space, internalId);
    if (known !== undefined) return known;
    const row = this.#table(table).get.get(keyToBuffer(internalId));
    if (row === undefined) return null;
    this.#cache.remember(table.space, internalId, row[0] as string);
    return row[0] as string;
  }

  /** Rows of a range, at most `limit`, in the given direction. */
  scan(source: ScanSource, range: KeyRange, direction: Direction, limit: number): ScannedRow[] {
    const space = spaceOf(source);
    const known = source.indexId === null ? undefined : this.#cache.lookup(space, range);
    const rows = known === undefined ? null : this.#rows(source.table, known);
    if (rows !== null) return (direction === "asc" ? rows : rows.reverse()).slice(0, limit);
    const found = scan(this.#database, source, range, direction, limit);
    if (found.length < limit && source.indexId !== null && found.length <= MAX_LOOKUP_ROWS) {
      const keys = found.map((row) => row.key);
      this.#cache.rememberLookup(space, range, direction === "asc" ? keys : keys.reverse());
      for (const { key, doc } of found)
        this.#cache.remember(source.table.space, key.slice(-16), doc);
    }
    return found;
  }

  /** After a rollback: forgets what was touched since, or everything when that is not known. */
  forget(touched: TouchedKey[] | "all"): void {
    if (touched === "all") return this.#cache.clear();
    for (const { space, key } of touched) {
      if (space.startsWith("d")) this.#cache.forget(space, key);
      else this.#cache.forgetLookups(space, key);
    }
  }

  /** `text` is the JSON of `doc`. */
  insert(table: TableInfo, internalId: string, doc: EncodedObject, text: string): TouchedKey[] {
    this.#table(table).insert.run(keyToBuffer(internalId), text);
    const touched: TouchedKey[] = [{ space: table.space, key: internalId }];
    for (const index of table.indexes.values()) {
      const key = indexKey(index, doc, internalId);
      this.#index(index).add.run(keyToBuffer(key));
      this.#cache.forgetLookups(index.space, key);
      touched.push({ space: index.space, key });
    }
    return touched;
  }

  update(
    table: TableInfo,
    internalId: string,
    before: EncodedObject,
    after: EncodedObject,
    text: string,
  ): TouchedKey[] {
    this.#table(table).update.run(text, keyToBuffer(internalId));
    this.#cache.replace(table.space, internalId, text);
    const touched: TouchedKey[] = [{ space: table.space, key: internalId }];
    for (const index of table.indexes.values()) {
      const moved = index.paths.some((path) => fieldAt(before, path) !== fieldAt(after, path));
      if (!moved && !this.isWatched(index.space)) continue;
      const oldKey = indexKey(index, before, internalId);
      touched.push({ space: index.space, key: oldKey });
      const newKey = moved ? indexKey(index, after, internalId) : oldKey;
      if (oldKey === newKey) continue;
      this.#index(index).remove.run(keyToBuffer(oldKey));
      this.#index(index).add.run(keyToBuffer(newKey));
      this.#cache.forgetLookups(index.space, oldKey);
      this.#cache.forgetLookups(index.space, newKey);
      touched.push({ space: index.space, key: newKey });
    }
    return touched;
  }

  remove(table: TableInfo, internalId: string, before: EncodedObject): TouchedKey[] {
    this.#table(table).remove.run(keyToBuffer(internalId));
    this.#cache.forget(table.space, internalId);
    const touched: TouchedKey[] = [{ space: table.space, key: internalId }];
    for (const index of table.indexes.values()) {
      const key = indexKey(index, before, internalId);
      this.#index(index).remove.run(keyToBuffer(key));
      this.#cache.forgetLookups(index.space, key);
      touched.push({ space: index.space, key });
    }
    return touched;
  }

  count(table: TableInfo): number {
    return Number(this.#database.statement(`SELECT count(*) FROM d_${table.id}`).get()?.[0] ?? 0);
  }

  /** Fills a new index from the documents that are already there. */
  backfill(table: TableInfo, index: IndexInfo): void {
    const { add } = this.#index(index);
    this.forEach(table, (doc, internalId) =>
      add.run(keyToBuffer(indexKey(index, doc, internalId))),
    );
  }

  /** Visits every document in pages, so that a table need not fit in memory. */
  forEach(table: TableInfo, visit: (doc: EncodedObject, internalId: string) => void): void {
    const page = this.#database.statement(
      `SELECT id, doc FROM d_${table.id} WHERE id > ? ORDER BY id LIMIT 1000`,
    );
    let after: Uint8Array = Buffer.alloc(0);
    for (;;) {
      const rows = page.all(after);
      for (const [id, doc] of rows) {
        after = id as Uint8Array;
        visit(JSON.parse(doc as string) as EncodedObject, bufferToKey(after));
      }
      if (rows.length < 1000) return;
    }
  }

  #rows(table: TableInfo, keys: string[]): ScannedRow[] | null {
    const rows: ScannedRow[] = [];
    for (const key of keys) {
      const doc = this.get(table, key.slice(-16));
      if (doc === null) return null;
      rows.push({ key, doc });
    }
    return rows;
  }

  #table({ id }: TableInfo): TableStatements {
    let statements = this.#tables.get(id);
    if (statements === undefined) {
      statements = {
        get: this.#database.statement(`SELECT doc FROM d_${id} WHERE id = ?`),
        insert: this.#database.statement(`INSERT INTO d_${id} (id, doc) VALUES (?, ?)`),
        update: this.#database.statement(`UPDATE d_${id} SET doc = ? WHERE id = ?`),
        remove: this.#database.statement(`DELETE FROM d_${id} WHERE id = ?`),
      };
      this.#tables.set(id, statements);
    }
    return statements;
  }

  #index({ id }: IndexInfo): IndexStatements {
    let statements = this.#indexes.get(id);
    if (statements === undefined) {
      statements = {
        add: this.#database.statement(`INSERT OR REPLACE INTO i_${id} (key) VALUES (?)`),
        remove: this.#database.statement(`DELETE FROM i_${id} WHERE key = ?`),
      };
      this.#indexes.set(id, statements);
    }
    return statements;
  }
}

/** Fields, then `_creationTime`, then the id's 16 bytes: total order without ties. */
export function indexKey(index: IndexInfo, doc: EncodedObject, internalId: string): string {
  let key = "";
  for (const path of index.paths) key += sortKey(fieldAt(doc, path));
  return key + "\x0d" + floatKey(doc["_creationTime"] as number) + internalId;
}

export function fieldAt(doc: EncodedObject, path: string[]): Encoded | undefined {
  let value: Encoded | undefined = doc;
  for (const name of path) {
    if (!isEncodedObject(value)) return undefined;
    value = fieldOf(value, name);
  }
  return value;
}

/** All the store's parts over one open database. */
export type Store = { database: Database; catalog: Catalog; documents: Documents };

/** After a rollback that may have undone anything: memory that mirrors the file is read again. */
export function reloadStore(store: Store): void {
  store.catalog.reload();
  store.documents.forget("all");
}
