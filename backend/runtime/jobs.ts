/**
 * Scheduled functions as rows: a document in `_scheduled_functions` of the component that scheduled it, which user code
 * may read, and while it is pending or running a row in `jobs`, which says when and what. Both change in one transaction.
 */
import { decodeId, encodeId, newInternalId } from "../values/documentId.ts";
import type { Encoded, EncodedObject } from "../values/encoded.ts";
import { bufferToKey, keyToBuffer } from "../values/sortKey.ts";
import type { TableInfo } from "../store/catalog.ts";
import type { Store } from "../store/documents.ts";
import type { SqlValue } from "../store/sqlite.ts";
import type { ResolvedFunction } from "./functionPath.ts";
import { SCHEDULED_TABLE as TABLE, systemTable } from "./systemTables.ts";
import { parseDocument, type Transaction } from "./transaction.ts";

/** In place of the time of a job that is set aside: later than any that is due. */
const SET_ASIDE_MS = Number.MAX_SAFE_INTEGER;
const FIVE_YEARS_MS = 5 * 365 * 24 * 3600 * 1000;

export type JobState =
  | { kind: "pending" }
  | { kind: "inProgress" }
  | { kind: "success" }
  | { kind: "failed"; error: string }
  | { kind: "canceled" };

/** `component` is the store's number of the component that owns the row. */
export type Job = {
  id: string;
  component: number;
  target: ResolvedFunction;
  args: string;
};

/** Writes a pending job; returns its id. */
export function addJob(
  transaction: Transaction,
  component: number,
  componentPath: string,
  request: { target: ResolvedFunction; dueMs: number; args: Encoded[] },
): string {
  if (
    !Number.isFinite(request.dueMs) ||
    Math.abs(request.dueMs - transaction.nowMs) > FIVE_YEARS_MS
  ) {
    throw new Error("A function can be scheduled at most five years ahead or back.");
  }
  transaction.countScheduled(request.dueMs, Buffer.byteLength(JSON.stringify(request.args)));
  const { store } = transaction;
  const table = systemTable(transaction, component, componentPath, TABLE);
  const internalId = newInternalId(transaction.nowMs);
  const id = encodeId({ tableNumber: table.number, internalId });
  const shown = request.target.path.replace(":", ".js:");
  const doc: EncodedObject = {
    _creationTime: transaction.nextCreationTime(),
    _id: id,
    args: request.args,
    name: shown,
    scheduledTime: request.dueMs,
    state: { kind: "pending" },
  };
  const text = JSON.stringify(doc);
  transaction.countWrite(
    Buffer.byteLength(text),
    store.documents.insert(table, internalId, doc, text),
  );
  store.database
    .statement("INSERT INTO jobs (id, component, dueMs, target) VALUES (?, ?, ?, ?)")
    .run(keyToBuffer(internalId), component, request.dueMs, JSON.stringify(request.target));
  return id;
}

/** Cancels a pending job; one that runs or is over is left as it is. */
export function cancelJob(transaction: Transaction, component: number, id: string): void {
  const located = findJob(transaction.store, component, id);
  if (located === null) throw new Error(`${id} is not the id of a scheduled function.`);
  const text = transaction.store.documents.get(located.table, located.internalId);
  if (text === null) return;
  const { state } = parseDocument(text) as { state: JobState };
  if (state.kind !== "pending" && state.kind !== "inProgress") return;
  setJobState(transaction, component, id, { kind: "canceled" });
}

/** Changes the visible state; a state that is final also takes the job off the schedule. */
export function setJobState(
  transaction: Transaction,
  component: number,
  id: string,
  state: JobState,
): void {
  const { store } = transaction;
  const located = findJob(store, component, id);
  if (located === null) return;
  const text = store.documents.get(located.table, located.internalId);
  if (text === null) return;
  const before = parseDocument(text);
  const final = state.kind !== "pending" && state.kind !== "inProgress";
  const after: EncodedObject = {
    ...before,
    state: { ...state },
    ...(final ? { completedTime: transaction.nowMs } : {}),
  };
  const touched = store.documents.update(
    located.table,
    located.internalId,
    before,
    after,
    JSON.stringify(after),
  );
  transaction.countWrite(Buffer.byteLength(text), touched);
  if (!final) return;
  const key = keyToBuffer(located.internalId);
  store.database.statement("DELETE FROM jobs WHERE id = ?").run(key);
  store.database
    .statement("INSERT OR IGNORE INTO finishedJobs (completedMs, id, component) VALUES (?, ?, ?)")
    .run(transaction.nowMs, key, component);
}

export function jobState(store: Store, component: number, id: string): JobState | null {
  const located = findJob(store, component, id);
  const text = located === null ? null : store.documents.get(located.table, located.internalId);
  return text === null ? null : (parseDocument(text) as { state: JobState }).state;
}

/** Due jobs, oldest first, without those of some functions. */
export function dueJobs(
  store: Store,
  nowMs: number,
  limit: number,
  without: ResolvedFunction[] = [],
): Job[] {
  const rows =
    without.length === 0
      ? store.database
          .statement(
            "SELECT id, component, target FROM jobs WHERE dueMs <= ? ORDER BY dueMs LIMIT ?",
          )
          .all(nowMs, limit)
      : store.database
          .statement(
            `SELECT id, component, target FROM jobs WHERE dueMs <= ?
             AND target ->> 'componentPath' || ';' || (target ->> 'path') NOT IN (SELECT value FROM json_each(?))
             ORDER BY dueMs LIMIT ?`,
          )
          .all(nowMs, JSON.stringify(without.map(nameOf)), limit);
  return rows.flatMap((row) => jobsOf(store, row));
}

const nameOf = ({ componentPath, path }: ResolvedFunction) => `${componentPath};${path}`;

/** Takes a job that runs outside of transactions out of the line of those that are due. */
export function setAside(store: Store, { id }: Job): void {
  const internalId = decodeId(id)?.internalId ?? "";
  store.database
    .statement("UPDATE jobs SET dueMs = ? WHERE id = ?")
    .run(SET_ASIDE_MS, keyToBuffer(internalId));
}

export function jobsSetAside(store: Store): Job[] {
  return store.database
    .statement("SELECT id, component, target FROM jobs WHERE dueMs >= ?")
    .all(SET_ASIDE_MS)
    .flatMap((row) => jobsOf(store, row));
}

export function unfinishedJob(store: Store, id: string): Job | null {
  const internalId = decodeId(id)?.internalId;
  if (internalId === undefined) return null;
  const row = store.database
    .statement("SELECT id, component, target FROM jobs WHERE id = ?")
    .get(keyToBuffer(internalId));
  return row === undefined ? null : (jobsOf(store, row)[0] ?? null);
}

/** One, or none when its component has no jobs any more. */
function jobsOf(store: Store, [key, component, target]: SqlValue[]): Job[] {
  const table = store.catalog.table(Number(component), TABLE);
  if (table === null) return [];
  const internalId = bufferToKey(key as Uint8Array);
  const text = store.documents.get(table, internalId);
  const args = text === null ? [] : (parseDocument(text) as { args: Encoded[] }).args;
  return [
    {
      id: encodeId({ tableNumber: table.number, internalId }),
      component: Number(component),
      target: JSON.parse(String(target)) as ResolvedFunction,
      args: JSON.stringify(args[0] ?? {}),
    },
  ];
}

/** When the next job is due, or null. */
export function nextDueMs(store: Store): number | null {
  const row = store.database.statement("SELECT dueMs FROM jobs ORDER BY dueMs LIMIT 1").get();
  return row === undefined ? null : Number(row[0]);
}

const RETENTION_MS = 7 * 24 * 3600 * 1000;
/** Forgets up to `limit` jobs that were finished more than a week ago. Returns how many. */
export function pruneJobs(transaction: Transaction, limit: number): number {
  const { database, catalog, documents } = transaction.store;
  const old = database
    .statement(
      "SELECT completedMs, id, component FROM finishedJobs WHERE completedMs < ? ORDER BY completedMs LIMIT ?",
    )
    .all(transaction.nowMs - RETENTION_MS, limit);
  for (const [completedMs = null, id = null, component] of old) {
    database
      .statement("DELETE FROM finishedJobs WHERE completedMs = ? AND id = ?")
      .run(completedMs, id);
    const table = catalog.table(Number(component), TABLE);
    const internalId = bufferToKey(id as Uint8Array);
    const text = table === null ? null : documents.get(table, internalId);
    if (table === null || text === null) continue;
    transaction.countWrite(0, documents.remove(table, internalId, parseDocument(text)));
  }
  return old.length;
}

function findJob(
  store: Store,
  component: number,
  id: string,
): { table: TableInfo; internalId: string } | null {
  const table = store.catalog.table(component, TABLE);
  const decoded = decodeId(id);
  if (table === null || decoded === null || decoded.tableNumber !== table.number) return null;
  return { table, internalId: decoded.internalId };
}
