/**
 * Which components, tables and indexes exist. Held in memory, written through to the bookkeeping tables. Each table is
 * one SQLite B-tree of documents, each index one B-tree of keys; by_id is the table itself.
 */
import type { Database } from "./database.ts";

export type IndexInfo = {
  id: number;
  /** How touched and read keys of this index are labelled. */
  space: string;
  name: string;
  /** Without the `_creationTime` and `_id` that every key ends with. */
  fields: string[];
  /** The fields split at their dots, so that no write splits them again. */
  paths: string[][];
};

export type TableInfo = {
  id: number;
  /** How touched and read ids of this table are labelled. */
  space: string;
  component: number;
  name: string;
  number: number;
  /** by_creation_time and the schema's; not by_id. */
  indexes: Map<string, IndexInfo>;
};

const FIRST_USER_TABLE = 10_001;
/** The numbers that Convex gives its own tables: ids of files then keep their meaning when data moves there. */
const SYSTEM_NUMBERS: Record<string, number> = { _scheduled_functions: 539, _storage: 540 };
export const BY_CREATION_TIME = "by_creation_time";

/** Tables with such a name are being filled by an import: nobody finds them by number, and no list shows them. */
const HIDDEN = "~";
const hiddenPrefix = (importId: string) => `${HIDDEN}${importId}~`;
export const hiddenName = (importId: string, name: string) => hiddenPrefix(importId) + name;
const isHidden = ({ name }: { name: string }) => name.startsWith(HIDDEN);

export class Catalog {
  readonly #database: Database;
  #components = new Map<string, number>();
  readonly #byName = new Map<string, TableInfo>();
  readonly #byNumber = new Map<string, TableInfo>();

  constructor(database: Database) {
    this.#database = database;
    this.reload();
  }

  /** Reads everything again: after a rollback that may have undone a change of the catalog. */
  reload(): void {
    // A new one: whoever walks the old one while tables are dropped comes to its end.
    this.#components = new Map();
    this.#byName.clear();
    this.#byNumber.clear();
    const byId = new Map<number, TableInfo>();
    for (const [id, path] of this.#database.statement("SELECT id, path FROM components").all()) {
      this.#components.set(String(path), Number(id));
    }
    for (const row of this.#database
      .statement("SELECT id, component, name, number FROM tables")
      .all()) {
      const table: TableInfo = {
        id: Number(row[0]),
        space: `d${Number(row[0])}`,
        component: Number(row[1]),
        name: String(row[2]),
        number: Number(row[3]),
        indexes: new Map(),
      };
      byId.set(table.id, table);
      this.#remember(table);
    }
    for (const row of this.#database
      .statement("SELECT id, tableId, name, fields FROM indexes")
      .all()) {
      const fields = JSON.parse(String(row[3])) as string[];
      byId
        .get(Number(row[1]))
        ?.indexes.set(String(row[2]), indexInfo(Number(row[0]), String(row[2]), fields));
    }
  }

  /** The id of a component instance; made when it is new. The root is the empty path. */
  component(path: string): number {
    const known = this.#components.get(path);
    if (known !== undefined) return known;
    this.#database.statement("INSERT INTO components (path) VALUES (?)").run(path);
    const row = this.#database.statement("SELECT id FROM components WHERE path = ?").get(path);
    const id = Number(row?.[0]);
    this.#components.set(path, id);
    return id;
  }

  table(component: number, name: string): TableInfo | null {
    return this.#byName.get(`${component}/${name}`) ?? null;
  }

  tableByNumber(component: number, number: number): TableInfo | null {
    return this.#byNumber.get(`${component}/${number}`) ?? null;
  }

  tables(component: number): TableInfo[] {
    return [...this.#byName.values()].filter(
      (table) => table.component === component && !isHidden(table),
    );
  }

  /** Every component that has ever had tables, with its path, as it is now. */
  components(): ReadonlyMap<string, number> {
    return this.#components;
  }

  /** A number that no table of the component has, nor will have when an import ends. */
  freeNumber(component: number, name: string): number {
    const wanted = SYSTEM_NUMBERS[name];
    if (wanted !== undefined && this.tableByNumber(component, wanted) === null) return wanted;
    let highest = FIRST_USER_TABLE - 1;
    for (const table of this.#byName.values())
      if (table.component === component) highest = Math.max(highest, table.number);
    return highest + 1;
  }

  createTable(
    component: number,
    name: string,
    number = this.freeNumber(component, name),
  ): TableInfo {
    this.#database
      .statement("INSERT INTO tables (component, name, number) VALUES (?, ?, ?)")
      .run(component, name, number);
    const row = this.#database
      .statement("SELECT id FROM tables WHERE component = ? AND name = ?")
      .get(component, name);
    const id = Number(row?.[0]);
    const table: TableInfo = { id, space: `d${id}`, component, name, number, indexes: new Map() };
    this.#database.sqlite.exec(
      `CREATE TABLE d_${table.id} (id BLOB PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID`,
    );
    this.#remember(table);
    this.createIndex(table, BY_CREATION_TIME, []);
    return table;
  }

  /** Makes the empty index; documents.ts fills it for documents that are already there. */
  createIndex(table: TableInfo, name: string, fields: string[]): IndexInfo {
    this.#database
      .statement("INSERT INTO indexes (tableId, name, fields) VALUES (?, ?, ?)")
      .run(table.id, name, JSON.stringify(fields));
    const row = this.#database
      .statement("SELECT id FROM indexes WHERE tableId = ? AND name = ?")
      .get(table.id, name);
    const index = indexInfo(Number(row?.[0]), name, fields);
    this.#database.sqlite.exec(`CREATE TABLE i_${index.id} (key BLOB PRIMARY KEY) WITHOUT ROWID`);
    table.indexes.set(name, index);
    return index;
  }

  dropIndex(table: TableInfo, name: string): void {
    const index = table.indexes.get(name);
    if (index === undefined) return;
    this.#database.statement("DELETE FROM indexes WHERE id = ?").run(index.id);
    this.#database.sqlite.exec(`DROP TABLE i_${index.id}`);
    table.indexes.delete(name);
  }

  /** With all its documents. */
  dropTable(table: TableInfo): void {
    for (const name of [...table.indexes.keys()]) this.dropIndex(table, name);
    this.#database.statement("DELETE FROM tables WHERE id = ?").run(table.id);
    this.#database.sqlite.exec(`DROP TABLE d_${table.id}`);
    this.reload();
  }

  /** Gives a table another name or number. No other table may have them. */
  rename(table: TableInfo, name: string, number: number): void {
    this.#database
      .statement("UPDATE tables SET name = ?, number = ? WHERE id = ?")
      .run(name, number, table.id);
    this.reload();
  }

  /** What an import has filled so far; without its id, what any has. */
  hiddenTables(importId?: string): TableInfo[] {
    const prefix = importId === undefined ? HIDDEN : hiddenPrefix(importId);
    return [...this.#byName.values()].filter(({ name }) => name.startsWith(prefix));
  }

  #remember(table: TableInfo): void {
    this.#byName.set(`${table.component}/${table.name}`, table);
    if (!isHidden(table)) this.#byNumber.set(`${table.component}/${table.number}`, table);
  }
}

function indexInfo(id: number, name: string, fields: string[]): IndexInfo {
  return { id, space: `i${id}`, name, fields, paths: fields.map((field) => field.split(".")) };
}
