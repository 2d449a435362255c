/**
 * Files as rows: a document in `_storage` of the component that stored it, which user code may read, and the name of its
 * contents (store/fileNames.ts). Both change in one transaction. Contents are written before, and removed after, by others.
 */
import type { TableInfo } from "../store/catalog.ts";
import type { WrittenFile } from "../store/fileContents.ts";
import { fileNamed, forgetFile, nameFile, nameOfFile } from "../store/fileNames.ts";
import { decodeId, encodeId, newInternalId } from "../values/documentId.ts";
import type { EncodedObject } from "../values/encoded.ts";
import { STORAGE_TABLE, systemTable } from "./systemTables.ts";
import { parseDocument, type Transaction } from "./transaction.ts";

export type FileScope = {
  transaction: Transaction;
  /** The store's number of the component whose files these are. */
  componentId: number;
  componentPath: string;
};

/** `uuid` is the name of the contents, and the older kind of id that `getMetadata` still tells. */
export type StoredFile = {
  uuid: string;
  /** Base64. */
  sha256: string;
  sizeBytes: number;
  contentType: string | null;
};

type Located = { table: TableInfo; internalId: string; uuid: string };
type StorageDocument = { sha256: string; size: number; contentType: string | null };

/** Puts a written file on record; returns its `Id<"_storage">`. */
export function addFile(
  { transaction, componentId, componentPath }: FileScope,
  { uuid, sha256, sizeBytes }: WrittenFile,
  contentType: string | null,
): string {
  const { store } = transaction;
  const table = systemTable(transaction, componentId, componentPath, STORAGE_TABLE);
  const internalId = newInternalId(transaction.nowMs);
  const _id = encodeId({ tableNumber: table.number, internalId });
  const doc: EncodedObject = {
    _creationTime: transaction.nextCreationTime(),
    _id,
    contentType,
    sha256,
    size: sizeBytes,
  };
  const text = JSON.stringify(doc);
  transaction.countWrite(
    Buffer.byteLength(text),
    store.documents.insert(table, internalId, doc, text),
  );
  nameFile(store.database, uuid, componentId, internalId);
  return _id;
}

/** Null when there is no such file (any more). `method` is for the error when it is no id of a file at all. */
export function findFile(scope: FileScope, storageId: string, method: string): StoredFile | null {
  const located = locate(scope, storageId, method);
  const text = located === null ? null : read(scope, located);
  if (located === null || text === null) return null;
  const { sha256, size, contentType } = parseDocument(text) as unknown as StorageDocument;
  return { uuid: located.uuid, sha256, sizeBytes: size, contentType };
}

/** Takes the file off the record; returns the name of its contents. Throws when there is none. */
export function removeFile(scope: FileScope, storageId: string): string {
  const located = locate(scope, storageId, "delete");
  const text = located === null ? null : read(scope, located);
  if (located === null || text === null) throw new Error(`File ${storageId} not found.`);
  const { transaction, componentId } = scope;
  const { database, documents } = transaction.store;
  const { table, internalId, uuid } = located;
  transaction.see(table, internalId, null);
  transaction.countWrite(0, documents.remove(table, internalId, parseDocument(text)));
  forgetFile(database, componentId, internalId);
  return uuid;
}

function read({ transaction }: FileScope, { table, internalId }: Located): string | null {
  transaction.countRange();
  const text = transaction.store.documents.get(table, internalId);
  if (text !== null) transaction.countRead(1, Buffer.byteLength(text));
  return text;
}

/** Takes both kinds of id. Remembers the read, so that a query which gave a URL runs again when the file is deleted. */
function locate(scope: FileScope, storageId: string, method: string): Located | null {
  const { transaction, componentId, componentPath } = scope;
  const { catalog, database } = transaction.store;
  const table = catalog.table(componentId, STORAGE_TABLE);
  const decoded = decodeId(storageId);
  const isName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(storageId);
  if ((decoded === null && !isName) || (decoded !== null && table === null)) {
    throw new Error(
      `Invalid argument \`storageId\` for \`storage.${method}\`: ${JSON.stringify(storageId.slice(0, 64))} is not a valid ID of a file.`,
    );
  }
  if (table === null) {
    transaction.reads.addTable(componentPath, STORAGE_TABLE);
    return null;
  }
  if (decoded === null) {
    const named = fileNamed(database, storageId);
    if (named === null || named.component !== componentId) return null;
    transaction.reads.addPoint(table.id, named.internalId);
    return { table, internalId: named.internalId, uuid: storageId };
  }
  if (decoded.tableNumber !== table.number) {
    throw new Error(
      `Invalid argument \`storageId\` for \`storage.${method}\`: ${storageId} is an ID of another table than "_storage".`,
    );
  }
  transaction.reads.addPoint(table.id, decoded.internalId);
  const uuid = nameOfFile(database, componentId, decoded.internalId);
  return uuid === null ? null : { table, internalId: decoded.internalId, uuid };
}
