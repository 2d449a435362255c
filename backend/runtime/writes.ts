/**
 * Inserting, changing and deleting documents from a function: resolves ids, enforces the schema and the limits, keeps
 * system fields, and tells the transaction what was touched.
 */
import type { TableInfo } from "../store/catalog.ts";
import { decodeId, encodeId, newInternalId, type DecodedId } from "../values/documentId.ts";
import { documentProblem } from "../values/documentRules.ts";
import {
  encodeInt64,
  isEncodedObject,
  specialKind,
  withSortedKeys,
  type Encoded,
  type EncodedObject,
} from "../values/encoded.ts";
import { LIMITS } from "../values/limits.ts";
import type { IdCheck } from "../values/validator.ts";
import type { ComponentInstance } from "./modules.ts";
import { parseDocument, type Transaction } from "./transaction.ts";

export type Located = { table: TableInfo; internalId: string };

/** Works for one component: its tables, its schema. `componentId` is the store's number for it. */
export type WriteScope = {
  transaction: Transaction;
  component: ComponentInstance;
  componentId: number;
};

/** Whether a text is an id of a table, in one component. */
export function idCheck(transaction: Transaction, componentId: number): IdCheck {
  return (text, tableName) => {
    const table = transaction.store.catalog.table(componentId, tableName);
    return table !== null && decodeId(text)?.tableNumber === table.number;
  };
}

/** Finds the table that an id belongs to. Throws in the words of `db.<method>` when it is no id or of another table. */
export function locate(
  scope: WriteScope,
  id: string,
  wantedTable: string | undefined,
  method: string,
): Located | null {
  const decoded: DecodedId | null = decodeId(id);
  if (decoded === null) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`: Unable to decode ID: ${JSON.stringify(id.slice(0, 64))} is not a valid ID.`,
    );
  }
  const table = scope.transaction.store.catalog.tableByNumber(
    scope.componentId,
    decoded.tableNumber,
  );
  if (table === null) return null;
  if (wantedTable !== undefined && table.name !== wantedTable) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`, expected ID in table '${wantedTable}' but got ID in table '${table.name}'.`,
    );
  }
  return { table, internalId: decoded.internalId };
}

export function readDocument(scope: WriteScope, located: Located): string | null {
  scope.transaction.reads.addPoint(located.table.id, located.internalId);
  scope.transaction.countRange();
  const { transaction } = scope;
  const text =
    transaction.seen(located.table, located.internalId) ??
    transaction.store.documents.get(located.table, located.internalId);
  if (text === null) return null;
  transaction.countRead(1, Buffer.byteLength(text));
  transaction.see(located.table, located.internalId, text);
  return text;
}

/** Inserts and returns the new id. The table is made if the schema allows tables that it does not name. */
export function insertDocument(scope: WriteScope, tableName: string, value: EncodedObject): string {
  const { transaction } = scope;
  const table = tableForInsert(scope, tableName);
  const internalId = newInternalId(transaction.nowMs);
  const _id = encodeId({ tableNumber: table.number, internalId });
  const { doc, text } = complete(scope, tableName, value, _id, transaction.nextCreationTime());
  transaction.see(table, internalId, text);
  transaction.countWrite(
    Buffer.byteLength(text),
    transaction.store.documents.insert(table, internalId, doc, text),
  );
  return _id;
}

/** Replaces the fields of a document, keeping its system fields. `change` gets the old fields and gives the new ones. */
export function changeDocument(
  scope: WriteScope,
  located: Located,
  method: string,
  change: (fields: EncodedObject) => EncodedObject,
): string {
  const { transaction } = scope;
  refuseSystemTable(located.table.name, method);
  const before = existing(scope, located, method);
  const { _id, _creationTime, ...old } = before;
  const fields = withoutSystemFields(change(old), before);
  const { doc: after, text } = complete(
    scope,
    located.table.name,
    fields,
    _id ?? null,
    _creationTime ?? null,
  );
  transaction.see(located.table, located.internalId, text);
  const touched = transaction.store.documents.update(
    located.table,
    located.internalId,
    before,
    after,
    text,
  );
  transaction.countWrite(Buffer.byteLength(text), touched);
  return text;
}

export function removeDocument(scope: WriteScope, located: Located, method = "delete"): string {
  refuseSystemTable(located.table.name, method);
  const before = existing(scope, located, method);
  scope.transaction.see(located.table, located.internalId, null);
  const touched = scope.transaction.store.documents.remove(
    located.table,
    located.internalId,
    before,
  );
  scope.transaction.countWrite(0, touched);
  return JSON.stringify(before);
}

/** Merges a patch: `{"$undefined": null}` removes a field. */
export function mergePatch(fields: EncodedObject, patch: EncodedObject): EncodedObject {
  const merged = { ...fields };
  for (const [name, value] of Object.entries(patch)) {
    if (isEncodedObject(value) && specialKind(value) === "undefined") delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

function existing(scope: WriteScope, located: Located, method: string): EncodedObject {
  const text = readDocument(scope, located);
  if (text !== null) return parseDocument(text);
  const id = encodeId({ tableNumber: located.table.number, internalId: located.internalId });
  const verb = method === "delete" ? "Delete" : method === "patch" ? "Update" : "Replace";
  throw new Error(`${verb} on nonexistent document ID ${id}`);
}

function tableForInsert(scope: WriteScope, tableName: string): TableInfo {
  const { catalog } = scope.transaction.store;
  refuseSystemTable(tableName, "insert");
  const table = catalog.table(scope.componentId, tableName);
  if (table !== null) return table;
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(tableName) || tableName.length > LIMITS.identifierChars) {
    throw new Error(
      `Table name ${JSON.stringify(tableName.slice(0, 80))} is invalid: letters, digits and underscores, starting with a letter.`,
    );
  }
  const created = catalog.createTable(scope.componentId, tableName);
  scope.transaction.writes.push({ space: "tables", key: `${scope.component.path}/${tableName}` });
  return created;
}

function refuseSystemTable(tableName: string, method: string): void {
  if (tableName.startsWith("_")) {
    throw new Error(`Table ${tableName} is a system table: db.${method} cannot write it.`);
  }
}

/** The whole document, checked, with its JSON text. */
function complete(
  scope: WriteScope,
  tableName: string,
  value: EncodedObject,
  _id: Encoded,
  _creationTime: Encoded,
): { doc: EncodedObject; text: string } {
  let fields = value;
  let doc = withSortedKeys({ ...fields, _id, _creationTime });
  let text = JSON.stringify(doc);
  if (text.includes('"$commitTs"')) {
    // One transaction runs at a time, so its commit timestamp is known from its beginning.
    fields = resolveCommitTs(value, scope.transaction.ts) as EncodedObject;
    doc = withSortedKeys({ ...fields, _id, _creationTime });
    text = JSON.stringify(doc);
  }
  const problem = documentProblem(fields, text);
  if (problem !== null) throw new Error(problem);
  checkSchema(scope, tableName, fields);
  return { doc, text };
}

function checkSchema(scope: WriteScope, tableName: string, fields: EncodedObject): void {
  const schema = scope.component.definition.schema;
  if (schema === null || !schema.enforced) return;
  const table = schema.tables.get(tableName);
  if (table === undefined) return;
  const wrong = table.check(fields, idCheck(scope.transaction, scope.componentId));
  if (wrong === null) return;
  throw new Error(
    `Failed to insert or update a document in table "${tableName}" because it does not match the schema: ${wrong.message}`,
  );
}

/** `replace` may be given the document with its own system fields; with other ones it is an error. */
function withoutSystemFields(fields: EncodedObject, before: EncodedObject): EncodedObject {
  if (fields["_id"] === undefined && fields["_creationTime"] === undefined) return fields;
  const { _id, _creationTime, ...rest } = fields;
  if (_id !== undefined && _id !== before["_id"])
    throw new Error("The _id of a document cannot be changed.");
  if (_creationTime !== undefined && _creationTime !== before["_creationTime"]) {
    throw new Error("The _creationTime of a document cannot be changed.");
  }
  return rest;
}

function resolveCommitTs(value: Encoded, ts: bigint): Encoded {
  if (Array.isArray(value)) return value.map((item) => resolveCommitTs(item, ts));
  if (!isEncodedObject(value)) return value;
  if (specialKind(value) === "commitTs") return { $integer: encodeInt64(ts) };
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, resolveCommitTs(field, ts)]),
  );
}
