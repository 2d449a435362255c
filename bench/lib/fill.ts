/**
 * Fills the database of a stopped installation behind its back: ten million heartbeats through the front door would take
 * an hour. What it writes is made after rows that the installation itself has written.
 */
import { join } from "node:path";
import { nanoid } from "nanoid";
import { Catalog, type TableInfo } from "../../backend/store/catalog.ts";
import { Database } from "../../backend/store/database.ts";
import { Documents } from "../../backend/store/documents.ts";
import { encodeId, newInternalId } from "../../backend/values/documentId.ts";
import { type EncodedObject, withSortedKeys } from "../../backend/values/encoded.ts";

/** How far back samples go: as long as they are kept. */
const DAY_MS = 86_400_000;
const ROWS_PER_COMMIT = 50_000;
/** The rows that every machine has. The first is what the others refer to. */
const PER_MACHINE = ["machines", "pulses", "statuses"] as const;

/** Adds copies of the newest machine until there are `machines`, and `samples` in all over the last day. */
export function fill(
  dataDir: string,
  { machines, samples }: Record<"machines" | "samples", number>,
) {
  const filler = new Filler(join(dataDir, "rows.sqlite"));
  try {
    const ids = filler.addMachines(machines);
    filler.addSamples(ids, samples);
  } finally {
    filler.close();
  }
}

class Filler {
  readonly #database: Database;
  readonly #catalog: Catalog;
  readonly #documents: Documents;
  #uncommitted = 0;

  constructor(path: string) {
    this.#database = new Database(path);
    this.#catalog = new Catalog(this.#database);
    this.#documents = new Documents(this.#database);
    const { sqlite } = this.#database;
    // Each machine's samples go to a page of their own in the index: all of those stay in memory.
    sqlite.exec("PRAGMA cache_size = -1048576");
    sqlite.exec("PRAGMA synchronous = OFF");
    sqlite.exec("BEGIN");
  }

  /** The ids of all machines. */
  addMachines(count: number): string[] {
    const templates = PER_MACHINE.map((name) => this.#newest(name));
    const first = templates[0]?.["_id"];
    if (typeof first !== "string") throw new Error("There is no machine to copy");
    const ids = [first];
    while (ids.length < count) {
      const [machineId, name] = [nanoid(), `filled-${ids.length}`];
      let machine = "";
      for (const [index, table] of PER_MACHINE.entries()) {
        const own: EncodedObject = table === "machines" ? { machineId, name } : { machine };
        if (table === "statuses") own["machineId"] = machineId;
        const id = this.#insert(table, Date.now(), { ...templates[index], ...own });
        machine ||= id;
      }
      ids.push(machine);
    }
    this.#recount();
    return ids;
  }

  /** The counts say what the rows are, also of machines that were there before. */
  #recount(): void {
    for (const fleet of this.#all("fleets")) {
      const statuses = this.#all("statuses").filter(
        ({ workspaceId }) => workspaceId === fleet["workspaceId"],
      );
      const online = statuses.filter(({ status }) => status === "online").length;
      this.#replace("fleets", fleet, { ...fleet, machines: statuses.length, online });
    }
  }

  /** In order of time, as they would have come in. */
  addSamples(machines: string[], count: number): void {
    const template = this.#newest("samples");
    const startedAt = Date.now() - DAY_MS;
    for (let n = 0; n < count; n++) {
      const at = Math.floor(startedAt + (n / count) * DAY_MS);
      const machine = machines[n % machines.length] ?? "";
      this.#insert("samples", at, { ...template, machine, at });
    }
  }

  close(): void {
    this.#database.sqlite.exec("COMMIT");
    this.#database.close();
  }

  #table(name: string): TableInfo {
    const table = this.#catalog.table(this.#catalog.component(""), name);
    if (table === null) throw new Error(`There is no table ${name}`);
    return table;
  }

  #all(name: string): EncodedObject[] {
    const rows: EncodedObject[] = [];
    this.#documents.forEach(this.#table(name), (row) => rows.push(row));
    return rows;
  }

  #newest(name: string): EncodedObject {
    const { id } = this.#table(name);
    const sql = `SELECT doc FROM d_${id} ORDER BY id DESC LIMIT 1`;
    const row = this.#database.statement(sql).get();
    if (row === undefined) throw new Error(`Table ${name} is empty`);
    return JSON.parse(String(row[0])) as EncodedObject;
  }

  #insert(name: string, atMs: number, fields: EncodedObject): string {
    const table = this.#table(name);
    const internalId = newInternalId(atMs);
    const _id = encodeId({ tableNumber: table.number, internalId });
    const doc = withSortedKeys({ ...fields, _id, _creationTime: atMs });
    this.#documents.insert(table, internalId, doc, JSON.stringify(doc));
    if (++this.#uncommitted % ROWS_PER_COMMIT === 0) {
      this.#database.sqlite.exec("COMMIT; BEGIN");
    }
    return _id;
  }

  #replace(name: string, before: EncodedObject, after: EncodedObject): void {
    const { id } = this.#table(name);
    const sql = `UPDATE d_${id} SET doc = ? WHERE doc = ?`;
    this.#database.statement(sql).run(JSON.stringify(after), JSON.stringify(before));
  }
}
