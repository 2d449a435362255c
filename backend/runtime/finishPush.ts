/**
 * Makes an analysed package the deployed one, in one transaction: tables, indexes with their entries, a check of every
 * document against the new schema, crons, code. Any problem leaves everything as it was.
 */
import type { TableInfo } from "../store/catalog.ts";
import { BY_CREATION_TIME } from "../store/catalog.ts";
import {
  readManifest,
  writeManifest,
  writeModule,
  type PackageManifest,
  type SchemaJson,
} from "../store/deployment.ts";
import { reloadStore, type Store } from "../store/documents.ts";
import { decodeId } from "../values/documentId.ts";
import { compileValidator, type ValidatorJson } from "../values/validator.ts";
import type { PushedPackage } from "./pushedPackage.ts";
import { syncCrons } from "./crons.ts";

export type IndexChange = {
  component: string;
  added: IndexDescription[];
  removed: IndexDescription[];
};
type IndexDescription = { name: string; type: "database"; fields: string[] };

/** A document does not fit the new schema: the push is refused with its name. */
export type SchemaMismatch = { message: string; componentPath: string; tableName: string };

export type PushResult = { changes: IndexChange[] } | { mismatch: SchemaMismatch };

class MismatchError extends Error {
  readonly mismatch: SchemaMismatch;
  constructor(mismatch: SchemaMismatch) {
    super(mismatch.message);
    this.mismatch = mismatch;
  }
}

/** Call inside the group's transaction. Nothing is changed by a dry run, a mismatch or when this throws. */
export function finishPush(
  store: Store,
  pushed: PushedPackage,
  dryRun: boolean,
  nowMs: number,
): PushResult {
  const { sqlite } = store.database;
  sqlite.exec("SAVEPOINT push");
  try {
    const changes = apply(store, pushed, dryRun, nowMs);
    if (dryRun) {
      sqlite.exec("ROLLBACK TO push; RELEASE push");
      reloadStore(store);
    } else {
      sqlite.exec("RELEASE push");
    }
    return { changes };
  } catch (error) {
    sqlite.exec("ROLLBACK TO push; RELEASE push");
    reloadStore(store);
    if (error instanceof MismatchError) return { mismatch: error.mismatch };
    throw error;
  }
}

function apply(
  store: Store,
  { manifest, sources }: PushedPackage,
  dryRun: boolean,
  nowMs: number,
): IndexChange[] {
  const before = readManifest(store.database);
  const changes = manifest.components.map(({ path, definitionPath }) => {
    const component = store.catalog.component(path);
    const schema = schemaOf(manifest, definitionPath);
    const change = syncIndexes(store, component, path, schema, dryRun);
    if (schema !== null) {
      checkDocuments(store, component, path, { before: previousSchema(before, path), schema });
    }
    return change;
  });
  for (const { hash, source, sourceMap } of sources)
    writeModule(store.database, hash, { source, sourceMap });
  writeManifest(store.database, manifest);
  const crons = manifest.components.flatMap(({ path, definitionPath }) =>
    Object.entries(definitionOf(manifest, definitionPath)?.crons ?? {}).map(([name, spec]) => ({
      component: path,
      name,
      spec,
    })),
  );
  syncCrons(store.database, crons, nowMs);
  return changes;
}

function definitionOf(manifest: PackageManifest, path: string) {
  return manifest.definitions.find((one) => one.path === path);
}

function schemaOf(manifest: PackageManifest, definitionPath: string): SchemaJson | null {
  return definitionOf(manifest, definitionPath)?.schema ?? null;
}

function previousSchema(before: PackageManifest | null, componentPath: string): SchemaJson | null {
  const mounted = before?.components.find((one) => one.path === componentPath);
  return before === null || mounted === undefined ? null : schemaOf(before, mounted.definitionPath);
}

function syncIndexes(
  store: Store,
  component: number,
  path: string,
  schema: SchemaJson | null,
  dryRun: boolean,
): IndexChange {
  const change: IndexChange = { component: path, added: [], removed: [] };
  const wantedTables = new Map((schema?.tables ?? []).map((table) => [table.tableName, table]));
  for (const name of wantedTables.keys()) {
    if (store.catalog.table(component, name) === null) store.catalog.createTable(component, name);
  }
  for (const table of store.catalog.tables(component)) {
    const wanted = new Map(
      (wantedTables.get(table.name)?.indexes ?? []).map((index) => [
        index.indexDescriptor,
        index.fields,
      ]),
    );
    dropUnwanted(store, table, wanted, change);
    for (const [name, fields] of wanted) {
      if (table.indexes.has(name)) continue;
      const index = store.catalog.createIndex(table, name, fields);
      // The line waits while a large table is indexed: once is enough.
      if (!dryRun) store.documents.backfill(table, index);
      change.added.push({ name: `${table.name}.${name}`, type: "database", fields });
    }
  }
  return change;
}

function dropUnwanted(
  store: Store,
  table: TableInfo,
  wanted: Map<string, string[]>,
  change: IndexChange,
): void {
  for (const [name, index] of [...table.indexes]) {
    if (name === BY_CREATION_TIME) continue;
    const fields = wanted.get(name);
    if (fields !== undefined && JSON.stringify(fields) === JSON.stringify(index.fields)) continue;
    store.catalog.dropIndex(table, name);
    change.removed.push({ name: `${table.name}.${name}`, type: "database", fields: index.fields });
  }
}

/** Checks the documents of every table whose type is new. Those of others were checked when they were written. */
function checkDocuments(
  store: Store,
  component: number,
  path: string,
  { before, schema }: { before: SchemaJson | null; schema: SchemaJson },
): void {
  if (!schema.schemaValidation) return;
  const held = new Map(
    (before?.schemaValidation === true ? before.tables : []).map((table) => [
      table.tableName,
      JSON.stringify(table.documentType),
    ]),
  );
  const isId = (text: string, tableName: string) => {
    const table = store.catalog.table(component, tableName);
    return table !== null && decodeId(text)?.tableNumber === table.number;
  };
  for (const { tableName, documentType } of schema.tables) {
    const table = store.catalog.table(component, tableName);
    if (table === null || held.get(tableName) === JSON.stringify(documentType)) continue;
    const check = compileValidator(documentType satisfies ValidatorJson);
    store.documents.forEach(table, ({ _id, _creationTime, ...fields }) => {
      const wrong = check(fields, isId);
      if (wrong === null) return;
      const id = typeof _id === "string" ? _id : "";
      throw new MismatchError({
        message: `Document with ID "${id}" in table "${tableName}" does not match the schema: ${wrong.message}`,
        componentPath: path,
        tableName,
      });
    });
  }
}
