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
import { syncCrons } from "./scheduler.ts";

export type IndexChange = {
  component: string;
  added: IndexDescription[];
  removed: IndexDescription[];
};
type IndexDescription = { name: string; type: "database"; fields: string[] };

/** Documents do not fit the new schema: the push is refused with the name of the document. */
export class SchemaMismatch extends Error {
  readonly componentPath: string;
  readonly tableName: string;
  constructor(message: string, componentPath: string, tableName: string) {
    super(message);
    this.componentPath = componentPath;
    this.tableName = tableName;
  }
}

/** Call inside the group's transaction. Throws SchemaMismatch; undoes its own changes then, and after a dry run. */
export function finishPush(
  store: Store,
  pushed: PushedPackage,
  dryRun: boolean,
  nowMs: number,
): IndexChange[] {
  const { sqlite } = store.database;
  sqlite.exec("SAVEPOINT push");
  try {
    const changes = apply(store, pushed, nowMs);
    if (dryRun) {
      sqlite.exec("ROLLBACK TO push; RELEASE push");
      reloadStore(store);
    } else {
      sqlite.exec("RELEASE push");
    }
    return changes;
  } catch (error) {
    sqlite.exec("ROLLBACK TO push; RELEASE push");
    reloadStore(store);
    throw error;
  }
}

function apply(store: Store, { manifest, sources }: PushedPackage, nowMs: number): IndexChange[] {
  const before = readManifest(store.database);
  const changes = manifest.components.map(({ path, definitionPath }) => {
    const component = store.catalog.component(path);
    const schema = schemaOf(manifest, definitionPath);
    const change = syncIndexes(store, component, path, schema);
    if (
      schema !== null &&
      JSON.stringify(schema) !== JSON.stringify(previousSchema(before, path))
    ) {
      checkDocuments(store, component, path, schema);
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
  syncCrons({ store }, crons, nowMs);
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
      store.documents.backfill(table, store.catalog.createIndex(table, name, fields));
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

function checkDocuments(store: Store, component: number, path: string, schema: SchemaJson): void {
  if (!schema.schemaValidation) return;
  const isId = (text: string, tableName: string) => {
    const table = store.catalog.table(component, tableName);
    return table !== null && decodeId(text)?.tableNumber === table.number;
  };
  for (const { tableName, documentType } of schema.tables) {
    const table = store.catalog.table(component, tableName);
    if (table === null) continue;
    const check = compileValidator(documentType satisfies ValidatorJson);
    store.documents.forEach(table, ({ _id, _creationTime, ...fields }) => {
      const wrong = check(fields, isId);
      if (wrong === null) return;
      throw new SchemaMismatch(
        `Document with ID "${typeof _id === "string" ? _id : ""}" in table "${tableName}" does not match the schema: ${wrong.message}`,
        path,
        tableName,
      );
    });
  }
}
