/**
 * Documents and their index entries. Every write reports which index keys it touched, old and new: that is what wakes
 * watches. Runs inside whatever SQLite transaction or savepoint is open; knows nothing of functions or schemas.
 */
import { isEncodedObject, type Encoded, type EncodedObject } from "../values/encoded.ts";
import { bufferToKey, floatKey, keyToBuffer, sortKey } from "../values/sortKey.ts";
import type { Catalog, IndexInfo, TableInfo } from "./catalog.ts";
import type { Database } from "./database.ts";

/** A key written in an index. `space` is `i<index id>`, or `d<table id>` for the document itself (by_id). */
export type TouchedKey = { space: string; key: string };

export class Documents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The document's JSON text, or null. `internalId` is 16 bytes as latin1. */
  get(table: TableInfo, internalId: string): string | null {
    const row = this.#database
      .statement(`SELECT doc FROM d_${table.id} WHERE id = ?`)
      .get(keyToBuffer(internalId));
    return row === undefined ? null : (row[0] as string);
  }

  /** `text` is the JSON of `doc`. */
  insert(table: TableInfo, internalId: string, doc: EncodedObject, text: string): TouchedKey[] {
    this.#database
      .statement(`INSERT INTO d_${table.id} (id, doc) VALUES (?, ?)`)
      .run(keyToBuffer(internalId), text);
    const touched = [{ space: `d${table.id}`, key: internalId }];
    for (const index of table.indexes.values()) {
      const key = indexKey(index, doc, internalId);
      this.#addKey(index, key);
      touched.push({ space: `i${index.id}`, key });
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
    this.#database
      .statement(`UPDATE d_${table.id} SET doc = ? WHERE id = ?`)
      .run(text, keyToBuffer(internalId));
    const touched = [{ space: `d${table.id}`, key: internalId }];
    for (const index of table.indexes.values()) {
      const oldKey = indexKey(index, before, internalId);
      const newKey = indexKey(index, after, internalId);
      touched.push({ space: `i${index.id}`, key: oldKey });
      if (oldKey === newKey) continue;
      this.#removeKey(index, oldKey);
      this.#addKey(index, newKey);
      touched.push({ space: `i${index.id}`, key: newKey });
    }
    return touched;
  }

  remove(table: TableInfo, internalId: string, before: EncodedObject): TouchedKey[] {
    this.#database.statement(`DELETE FROM d_${table.id} WHERE id = ?`).run(keyToBuffer(internalId));
    const touched = [{ space: `d${table.id}`, key: internalId }];
    for (const index of table.indexes.values()) {
      const key = indexKey(index, before, internalId);
      this.#removeKey(index, key);
      touched.push({ space: `i${index.id}`, key });
    }
    return touched;
  }

  count(table: TableInfo): number {
    return Number(this.#database.statement(`SELECT count(*) FROM d_${table.id}`).get()?.[0] ?? 0);
  }

  /** Fills a new index from the documents that are already there. */
  backfill(table: TableInfo, index: IndexInfo): void {
    this.forEach(table, (doc, internalId) => this.#addKey(index, indexKey(index, doc, internalId)));
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

  #addKey(index: IndexInfo, key: string): void {
    this.#database
      .statement(`INSERT OR REPLACE INTO i_${index.id} (key) VALUES (?)`)
      .run(keyToBuffer(key));
  }

  #removeKey(index: IndexInfo, key: string): void {
    this.#database.statement(`DELETE FROM i_${index.id} WHERE key = ?`).run(keyToBuffer(key));
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
    value = value[name];
  }
  return value;
}

/** All the store's parts over one open database. */
export type Store = { database: Database; catalog: Catalog; documents: Documents };
