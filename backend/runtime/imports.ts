/**
 * The executor's part of an import: tables are filled out of sight, in many small transactions so that nobody waits, and
 * take the place of the old ones in one. With `append` there is no old one to replace: rows go in as they come.
 */
import { hiddenName, type TableInfo } from "../store/catalog.ts";
import { reloadStore, type Store } from "../store/documents.ts";
import { nameFile, namesOfFiles } from "../store/fileNames.ts";
import { decodeId, encodeId, newInternalId } from "../values/documentId.ts";
import { documentProblem } from "../values/documentRules.ts";
import { withSortedKeys, type EncodedObject } from "../values/encoded.ts";
import type { Check } from "../values/validator.ts";
import type { Executor } from "./executor.ts";
import {
  ImportError,
  refuseBrokenReferences,
  refuseUsedNumber,
  type ImportMode,
  type ImportTable,
} from "./importRules.ts";
import { Transaction } from "./transaction.ts";
import type { GroupContext } from "./unitQueue.ts";

export type ImportStep =
  | { kind: "look"; tables: ImportTable[]; everything: boolean }
  | { kind: "begin"; importId: string; mode: ImportMode; tables: ImportTable[] }
  | { kind: "rows"; importId: string; table: number; rows: ImportRow[] }
  | { kind: "finish"; importId: string }
  | { kind: "abort"; importId: string };

/** `text` is JSON of an encoded object, with or without system fields. `uuid` names the contents of a stored file. */
export type ImportRow = { text: string; uuid?: string };
export type ExistingTable = { componentPath: string; name: string; documents: number };

type Filled = ImportTable & {
  component: number;
  number: number;
  /** The name in the catalog: of the hidden table, or with `append` of the live one. */
  target: string;
  check: Check | null;
};
type Session = { mode: ImportMode; tables: Filled[]; schema: string };

const STORAGE = "_storage";

export class Imports {
  readonly #executor: Executor;
  readonly #store: Store;
  readonly #sessions = new Map<string, Session>();

  constructor(executor: Executor) {
    this.#executor = executor;
    this.#store = executor.store;
  }

  /** Removes what an import has filled out of sight; without its id, what all have left behind that came to no end. */
  static clean({ catalog, database }: Store, importId?: string): void {
    for (const hidden of catalog.hiddenTables(importId)) {
      database.statement("DELETE FROM files WHERE component = ?").run(-hidden.id);
      catalog.dropTable(hidden);
    }
  }

  step(group: GroupContext, step: ImportStep): unknown {
    switch (step.kind) {
      case "look":
        return this.#look(step.tables, step.everything);
      case "begin":
        return this.#begin(step);
      case "rows":
        return this.#insert(group, this.#session(step.importId), step.table, step.rows);
      case "finish":
        return this.#finish(step.importId, this.#session(step.importId));
      case "abort":
        return this.#abort(step.importId);
      default:
        throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
    }
  }

  #session(importId: string): Session {
    const session = this.#sessions.get(importId);
    if (session === undefined)
      throw new ImportError("The import was interrupted by a restart of the backend.");
    return session;
  }

  #look(tables: ImportTable[], everything: boolean): ExistingTable[] {
    const { catalog, documents } = this.#store;
    const found = new Map<string, ExistingTable>();
    const add = (componentPath: string, name: string, table: TableInfo | null) =>
      found.set(`${componentPath}/${name}`, {
        componentPath,
        name,
        documents: table === null ? 0 : documents.count(table),
      });
    for (const { componentPath, name } of tables) {
      const component = catalog.components().get(componentPath);
      add(componentPath, name, component === undefined ? null : catalog.table(component, name));
    }
    for (const [path, id] of everything ? catalog.components() : [])
      for (const table of catalog.tables(id)) if (isUserTable(table)) add(path, table.name, table);
    return [...found.values()];
  }

  #begin({ importId, mode, tables }: ImportStep & { kind: "begin" }): null {
    const { catalog, documents } = this.#store;
    // One at a time: what others have left is of no use to anybody.
    Imports.clean(this.#store);
    this.#sessions.clear();
    const session: Session = { mode, tables: [], schema: this.#schemaText() };
    for (const table of tables) {
      const component = catalog.component(table.componentPath);
      const live = catalog.table(component, table.name);
      if (mode === "requireEmpty" && live !== null && documents.count(live) > 0)
        throw ImportError.tableExists(table.name);
      const taken = session.tables.filter((one) => one.component === component);
      const besides = tables.filter((one) => one.componentPath === table.componentPath);
      const appends = mode === "append" && live !== null;
      const number =
        (appends ? null : table.number) ??
        live?.number ??
        this.#newNumber(component, table.name, besides);
      const names = besides.map(({ name }) => name);
      refuseUsedNumber(this.#store, component, table.name, number, names, taken);
      const schema = this.#package(table.componentPath)?.definition.schema ?? null;
      if (live !== null && live.number !== number)
        refuseBrokenReferences(this.#store, component, table.name, names, schema);
      const target = appends ? table.name : hiddenName(importId, table.name);
      if (!appends) this.#createLike(live, component, target, number);
      const check =
        schema?.enforced === true ? (schema.tables.get(table.name)?.check ?? null) : null;
      session.tables.push({ ...table, component, number, target, check });
    }
    this.#sessions.set(importId, session);
    return null;
  }

  /** None that a table of the import wants that comes later. */
  #newNumber(component: number, name: string, imported: ImportTable[]): number {
    const free = this.#store.catalog.freeNumber(component, name);
    const wanted = imported.flatMap(({ number }) => number ?? []);
    return wanted.includes(free) ? Math.max(free, ...wanted) + 1 : free;
  }

  #insert(group: GroupContext, session: Session, at: number, rows: ImportRow[]): null {
    const filled = session.tables[at];
    const table = filled && this.#store.catalog.table(filled.component, filled.target);
    if (filled === undefined || table == null) throw new ImportError("The import was interrupted.");
    const transaction = new Transaction(this.#store, this.#executor.clock.next(), null);
    const isId = (text: string, tableName: string) =>
      decodeId(text)?.tableNumber === this.#numberOf(session, filled.component, tableName);
    for (const { text, uuid } of rows) {
      const { _id, _creationTime, ...fields } = JSON.parse(text) as EncodedObject;
      const problem =
        documentProblem(fields, text) ?? filled.check?.(fields, isId)?.message ?? null;
      if (problem !== null)
        throw new ImportError(
          `A document of table "${filled.name}"${typeof _id === "string" ? ` (${_id})` : ""} cannot be imported: ${problem}`,
        );
      const internalId =
        _id === undefined ? newInternalId(transaction.nowMs) : internalIdOf(filled, _id);
      const time = _creationTime ?? transaction.nextCreationTime();
      if (typeof time !== "number")
        throw new ImportError(
          `_creationTime must be a number of milliseconds, not ${JSON.stringify(time)}.`,
        );
      const doc = withSortedKeys({
        ...fields,
        _creationTime: time,
        _id: encodeId({ tableNumber: filled.number, internalId }),
      });
      this.#insertOne(group, filled, table, internalId, doc);
      // Until the table is live its files belong to a component that does not exist.
      const owner = filled.target === filled.name ? filled.component : -table.id;
      if (uuid !== undefined) nameFile(this.#store.database, uuid, owner, internalId);
    }
    return null;
  }

  #insertOne(
    group: GroupContext,
    { name }: Filled,
    table: TableInfo,
    internalId: string,
    doc: EncodedObject,
  ): void {
    const { documents } = this.#store;
    if (documents.get(table, internalId) !== null) throw ImportError.duplicateId(name);
    group.touched.push(...documents.insert(table, internalId, doc, JSON.stringify(doc)));
  }

  #finish(importId: string, session: Session): null {
    const { catalog, documents, database } = this.#store;
    if (session.schema !== this.#schemaText())
      throw new ImportError("Could not complete the import because the schema changed meanwhile.");
    const filled = session.tables.filter(({ name, target }) => name !== target);
    if (session.mode === "replaceAll") this.#emptyOthers(session);
    for (const { component, name } of filled) {
      const live = catalog.table(component, name);
      if (live === null) continue;
      if (session.mode === "requireEmpty" && documents.count(live) > 0)
        throw ImportError.tableExists(name);
      if (session.mode === "append" && documents.count(live) > 0)
        throw new ImportError(
          `Table ${name} was created while the import ran. Nothing was changed: import again.`,
        );
      catalog.dropTable(live);
    }
    for (const { component, name, number, target } of filled) {
      const hidden = catalog.table(component, target);
      if (hidden === null) throw new ImportError("The import was interrupted.");
      const other = catalog.tableByNumber(component, number);
      // Empty when the import began, and perhaps no longer.
      if (other !== null) refuseUsedNumber(this.#store, component, name, number, [], []);
      if (other !== null) catalog.rename(other, other.name, catalog.freeNumber(component, ""));
      catalog.rename(hidden, name, number);
      if (name !== STORAGE) continue;
      for (const uuid of namesOfFiles(database, component))
        this.#executor.runner.files().contents.touchNow(uuid);
      database.statement("DELETE FROM files WHERE component = ?").run(component);
      database
        .statement("UPDATE files SET component = ? WHERE component = ?")
        .run(component, -hidden.id);
    }
    this.#end(importId);
    return null;
  }

  /** Tables of the schema become empty, others disappear. */
  #emptyOthers(session: Session): void {
    const { catalog } = this.#store;
    const imported = new Set(session.tables.map(({ component, name }) => `${component}/${name}`));
    for (const [path, component] of catalog.components()) {
      for (const table of catalog.tables(component)) {
        if (!isUserTable(table) || imported.has(`${component}/${table.name}`)) continue;
        catalog.dropTable(table);
        const schema = this.#package(path)?.definition.schema;
        if (schema?.tables.has(table.name) === true)
          this.#createLike(table, component, table.name, table.number);
      }
    }
  }

  #abort(importId: string): null {
    Imports.clean(this.#store, importId);
    this.#end(importId);
    return null;
  }

  #end(importId: string): void {
    this.#sessions.delete(importId);
    reloadStore(this.#store);
    this.#executor.rerunWatches();
  }

  /** An empty table with the indexes of another. */
  #createLike(model: TableInfo | null, component: number, name: string, number: number): void {
    const { catalog } = this.#store;
    const table = catalog.createTable(component, name, number);
    for (const index of model?.indexes.values() ?? [])
      if (!table.indexes.has(index.name)) catalog.createIndex(table, index.name, index.fields);
  }

  #numberOf(session: Session, component: number, name: string): number | undefined {
    const imported = session.tables.find((one) => one.component === component && one.name === name);
    return imported?.number ?? this.#store.catalog.table(component, name)?.number;
  }

  #package(componentPath: string) {
    return this.#executor.runner.package().components.get(componentPath);
  }

  #schemaText(): string {
    const definitions = this.#executor.deployment.manifest?.definitions ?? [];
    return JSON.stringify(definitions.map(({ schema }) => schema));
  }
}

function isUserTable({ name }: TableInfo): boolean {
  return !name.startsWith("_");
}

function internalIdOf({ name, number }: Filled, id: unknown): string {
  const decoded = typeof id === "string" ? decodeId(id) : null;
  if (decoded === null)
    throw new ImportError(
      `${JSON.stringify(id)?.slice(0, 80)} in table "${name}" is not a valid _id.`,
    );
  if (decoded.tableNumber !== number)
    throw new ImportError(`The _id ${String(id)} in table "${name}" is an ID of another table.`);
  return decoded.internalId;
}
