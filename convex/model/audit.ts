/**
 * The audit log, written in one place: the builders in functions.ts hand mutations a database that remembers what they
 * changed, and write it down when they succeed. Values of secret fields are never written.
 */
import type { WithoutSystemFields } from "convex/server";
import type { DataModel, Doc, Id, TableNames } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { ActorKind } from "../validators.ts";

export interface Actor {
  kind: ActorKind;
  id?: string;
  name: string;
}

/** Who does what, and in which workspace where the changed row does not say. */
export interface Deed {
  actor: Actor;
  action: string;
  workspaceId: Id<"workspaces"> | null;
}

type Row = Record<string, unknown> & { _id: string };
interface Change {
  table: TableNames;
  before: Row | null;
  after: Row | null;
}

/** Written by machines and jobs, or bookkeeping of a change that is logged itself. */
const unaudited: ReadonlySet<string> = new Set<TableNames>([
  "users",
  "auditEvents",
  "removals",
  "emailCodes",
  "pulses",
  "statuses",
  "statusChanges",
  "samples",
  "refusals",
  "fleets",
  "deliveries",
  "notices",
  "lanes",
  "breakers",
  "ledger",
  "repairs",
  "signingKeys",
  "vapidKeys",
  "sweeps",
  "rollups",
  "rollUpProgress",
  "lateSpans",
  "outages",
  "horizons",
  "versionChanges",
  "uptimes",
  "deletedMachines",
]);
/** Kept up by use, not by decision. */
const bookkeeping: ReadonlySet<string> = new Set([
  "_id",
  "_creationTime",
  "workspaceId",
  "machines",
  "shelvedAt",
  "purgeAt",
  "followUpAt",
  "heardBy",
  "lastUsedAt",
  "lastRunAt",
  "lastRemoved",
]);
const secretField = /secret|hash|token|password|config|key$|^url$/i;
const HIDDEN = "(hidden)";
const MAX_TEXT_LENGTH = 500;

/** A database that remembers what is changed through it, by row: the first state and the last. */
export function watch(db: MutationCtx["db"]): {
  db: MutationCtx["db"];
  changes: Map<string, Change>;
} {
  const changes = new Map<string, Change>();
  const note = (table: TableNames, id: string, before: Row | null, after: Row | null) => {
    if (!isAudited(table)) return;
    changes.set(id, {
      table,
      before: changes.has(id) ? (changes.get(id)?.before ?? null) : before,
      after,
    });
  };
  const rowOf = async (table: TableNames, id: string): Promise<Row> => {
    const row = await db.get(table, id as Id<TableNames>);
    if (row === null) throw new Error(`${id} is in no table ${table}`);
    return row;
  };
  const watched = {
    insert: async <T extends TableNames>(
      table: T,
      value: WithoutSystemFields<DataModel[T]["document"]>,
    ) => {
      const id = await db.insert(table, value);
      note(table, id, null, { ...value, _id: id });
      return id;
    },
    patch: async (table: TableNames, id: string, value: object) => {
      const before = await rowOf(table, id);
      await db.patch(table, id as Id<TableNames>, value);
      note(table, id, before, { ...before, ...value });
    },
    replace: async (table: TableNames, id: string, value: object) => {
      const before = await rowOf(table, id);
      await db.replace(table, id as Id<TableNames>, value as never);
      note(table, id, before, { ...value, _id: id });
    },
    delete: async (table: TableNames, id: string) => {
      const before = await rowOf(table, id);
      await db.delete(table, id as Id<TableNames>);
      note(table, id, before, null);
    },
  };
  const proxy = new Proxy(db, {
    get: (target, name) =>
      Object.hasOwn(watched, name)
        ? watched[name as keyof typeof watched]
        : (Reflect.get(target, name) as unknown),
  });
  return { db: proxy, changes };
}

/** Writes what was changed, one event a row. Rows that end as they began are no change. */
export async function write(
  ctx: MutationCtx,
  { changes, ...deed }: Deed & { changes: ReadonlyMap<string, Change> },
): Promise<void> {
  for (const change of changes.values()) {
    const row = change.after ?? change.before;
    const fields = differences(change);
    const workspaceId = workspaceOf(change.table, row) ?? deed.workspaceId;
    if (row === null || fields.length === 0 || workspaceId === null) continue;
    if (isPrivate(change.table, row)) continue;
    await record(ctx, {
      ...deed,
      workspaceId,
      subject: { kind: change.table, id: idOf(row), name: await nameOf(ctx, row) },
      changes: fields,
    });
  }
}

/** One event, for changes that no watched database sees: passwords, sessions. */
export async function record(
  ctx: MutationCtx,
  {
    workspaceId,
    actor,
    action,
    subject,
    changes = [],
  }: Deed & {
    workspaceId: Id<"workspaces">;
    subject: { kind: string; id: string; name: string };
    changes?: Doc<"auditEvents">["changes"];
  },
): Promise<void> {
  await ctx.db.insert("auditEvents", {
    workspaceId,
    at: Date.now(),
    actorKind: actor.kind,
    ...(actor.id === undefined ? {} : { actorId: actor.id }),
    actorName: actor.name,
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectName: subject.name,
    changes,
  });
}

/** Runs something with a watched database and writes down what it changed: for keys and jobs. */
export async function during<T>(
  ctx: MutationCtx,
  deed: Deed,
  run: (ctx: MutationCtx) => Promise<T>,
): Promise<T> {
  const { db, changes } = watch(ctx.db);
  const result = await run({ ...ctx, db });
  await write(ctx, { ...deed, changes });
  return result;
}

/** Whether changes of the table's rows are written down. */
export function isAudited(table: string): boolean {
  return !unaudited.has(table) && !table.startsWith("auth");
}

/** Whether a change of the field counts. */
export function isLogged(field: string): boolean {
  return !bookkeeping.has(field);
}

export function personOf({ _id, name, email }: Doc<"users">): Actor {
  return { kind: "person", id: _id, name: name ?? email ?? "" };
}

function differences({ before, after }: Change): Doc<"auditEvents">["changes"] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .filter(isLogged)
    .map((field) => ({ field, from: textOf(before?.[field]), to: textOf(after?.[field]) }))
    .filter(({ from, to }) => from !== to)
    .map((change) => (secretField.test(change.field) ? hide(change) : change));
}

function hide({ field, from, to }: Doc<"auditEvents">["changes"][number]) {
  return { field, from: from === null ? null : HIDDEN, to: to === null ? null : HIDDEN };
}

/** Null for what is not set or empty. */
function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return ["", "[]", "{}"].includes(text) ? null : text.slice(0, MAX_TEXT_LENGTH);
}

function workspaceOf(table: TableNames, row: Row | null): Id<"workspaces"> | null {
  const id = table === "workspaces" ? row?._id : row?.["workspaceId"];
  return typeof id === "string" ? (id as Id<"workspaces">) : null;
}

/** A personal channel is nobody else's business. */
function isPrivate(table: TableNames, row: Row): boolean {
  return table === "channels" && row["userId"] !== undefined;
}

/** What people know it by: a machine's nanoid, where there is one. */
function idOf(row: Row): string {
  const { machineId } = row;
  return typeof machineId === "string" ? machineId : row._id;
}

async function nameOf(ctx: MutationCtx, row: Row): Promise<string> {
  for (const field of ["name", "machineName", "title", "email"]) {
    const text = row[field];
    if (typeof text === "string") return text;
  }
  const userId =
    typeof row["userId"] === "string" ? ctx.db.normalizeId("users", row["userId"]) : null;
  const user = userId === null ? null : await ctx.db.get("users", userId);
  return user?.name ?? user?.email ?? "";
}
