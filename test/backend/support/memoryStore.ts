/** The store over a database in memory, with one table, for tests of what reads and writes it. */
import { Catalog, type TableInfo } from "../../../backend/store/catalog.ts";
import { Database } from "../../../backend/store/database.ts";
import { Documents, type Store } from "../../../backend/store/documents.ts";
import { encodeId, newInternalId } from "../../../backend/values/documentId.ts";
import type { EncodedObject } from "../../../backend/values/encoded.ts";

export type MemoryStore = {
  store: Store;
  table: TableInfo;
  /** A document with its system fields, later than all before it. */
  complete(fields: EncodedObject): { internalId: string; doc: EncodedObject };
};

/** `indexes` are the field lists of the indexes of table "items", by name. */
export function openMemoryStore(indexes: Record<string, string[]>, path = ":memory:"): MemoryStore {
  const database = new Database(path);
  const store = { database, catalog: new Catalog(database), documents: new Documents(database) };
  const component = store.catalog.component("");
  const table = store.catalog.createTable(component, "items");
  for (const [name, fields] of Object.entries(indexes)) {
    store.catalog.createIndex(table, name, fields);
  }
  let time = 0;
  return {
    store,
    table,
    complete: (fields) => {
      time += 1;
      const internalId = newInternalId(time);
      const _id = encodeId({ tableNumber: table.number, internalId });
      return { internalId, doc: { ...fields, _creationTime: time, _id } };
    },
  };
}
