/** The database syscalls of queries and mutations: documents, scans and pages. */
import { decodeId, encodeId } from "../../values/documentId.ts";
import type { EncodedObject } from "../../values/encoded.ts";
import type { Frame } from "../frame.ts";
import { readPage, type PageRequest } from "../query/page.ts";
import { bindQuery, tableNameOf, type QueryRequest } from "../query/request.ts";
import { QueryStream } from "../query/stream.ts";
import {
  scopeOf,
  transactionOf,
  type SyscallHost,
  type SyncSyscall,
  type AsyncSyscall,
} from "./host.ts";
import {
  changeDocument,
  insertDocument,
  locate,
  mergePatch,
  readDocument,
  removeDocument,
} from "../writes.ts";

type IdArgs = { id: string; table?: string; isSystem?: boolean; value?: EncodedObject };

export const databaseSyncSyscalls: Record<string, SyncSyscall> = {
  "1.0/queryStream": (host, frame, args) => {
    const queryId = frame.nextStreamId++;
    frame.streams.set(queryId, openStream(host, frame, args["query"] as QueryRequest));
    return JSON.stringify({ queryId });
  },
  "1.0/queryCleanup": (_host, frame, args) =>
    JSON.stringify(frame.streams.delete(Number(args["queryId"]))),
  "1.0/db/normalizeId": (host, frame, args) => {
    const scope = scopeOf(host, frame);
    const table = scope.transaction.store.catalog.table(scope.componentId, String(args["table"]));
    const decoded = decodeId(String(args["idString"]));
    const matches = table !== null && decoded !== null && decoded.tableNumber === table.number;
    return JSON.stringify({ id: matches ? encodeId(decoded) : null });
  },
};

export const databaseSyscalls: Record<string, AsyncSyscall> = {
  "1.0/queryStreamNext": (_host, frame, args) => {
    const stream = frame.streams.get(Number(args["queryId"]));
    if (stream === undefined) throw new Error("This query was already closed.");
    const doc = stream.next();
    return doc === null ? '{"value":null,"done":true}' : `{"value":${doc},"done":false}`;
  },
  "1.0/queryPage": (host, frame, args) => {
    const scope = scopeOf(host, frame);
    return readPage(
      scope.transaction,
      host.cursors(),
      scope.componentId,
      scope.component.path,
      args as unknown as PageRequest,
    );
  },
  "1.0/get": (host, frame, args) => {
    const scope = scopeOf(host, frame);
    const { id, table, isSystem } = args as unknown as IdArgs;
    const located = locate(scope, id, table, "get");
    if (located === null || located.table.name.startsWith("_") !== (isSystem === true))
      return "null";
    return readDocument(scope, located) ?? "null";
  },
  "1.0/count": (host, frame, args) => {
    const scope = scopeOf(host, frame);
    const { store, reads } = scope.transaction;
    const table = store.catalog.table(scope.componentId, String(args["table"]));
    if (table === null) {
      reads.addTable(scope.component.path, String(args["table"]));
      return "0";
    }
    reads.add(`d${table.id}`, { low: "", high: "\xff".repeat(17) });
    return String(store.documents.count(table));
  },
  "1.0/insert": (host, frame, args) => {
    const scope = mutationScope(host, frame, "insert");
    return JSON.stringify({
      _id: insertDocument(scope, String(args["table"]), args["value"] as EncodedObject),
    });
  },
  "1.0/shallowMerge": (host, frame, args) => {
    const scope = mutationScope(host, frame, "patch");
    const { id, table, value } = args as unknown as IdArgs;
    return changeDocument(scope, found(scope, id, table, "patch"), "patch", (fields) =>
      mergePatch(fields, value ?? {}),
    );
  },
  "1.0/replace": (host, frame, args) => {
    const scope = mutationScope(host, frame, "replace");
    const { id, table, value } = args as unknown as IdArgs;
    return changeDocument(scope, found(scope, id, table, "replace"), "replace", () => value ?? {});
  },
  "1.0/remove": (host, frame, args) => {
    const scope = mutationScope(host, frame, "delete");
    const { id, table } = args as unknown as IdArgs;
    return removeDocument(scope, found(scope, id, table, "delete"));
  },
};

function openStream(host: SyscallHost, frame: Frame, query: QueryRequest): QueryStream {
  const { transaction, componentId } = scopeOf(host, frame);
  const name = tableNameOf(query.source);
  return new QueryStream(
    transaction,
    bindQuery(query, transaction.store.catalog.table(componentId, name)),
  );
}

function mutationScope(host: SyscallHost, frame: Frame, method: string) {
  if (frame.kind !== "mutation")
    throw new Error(`db.${method} can only be called from a mutation, not from a ${frame.kind}.`);
  transactionOf(frame);
  return scopeOf(host, frame);
}

function found(
  scope: ReturnType<typeof scopeOf>,
  id: string,
  table: string | undefined,
  method: string,
) {
  const located = locate(scope, id, table, method);
  if (located === null)
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`: ${id} is of no table of this app.`,
    );
  return located;
}
