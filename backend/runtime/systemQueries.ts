/**
 * The `_system/*` queries that the official CLI asks for. Admin only. What they read of tables and of administrative state
 * is recorded, so that a watch follows it; code and environment need no record, since a change of them re-runs everything.
 */
import type { Database } from "../store/database.ts";
import { readEnvironment } from "../store/deployment.ts";
import type { Encoded, EncodedObject } from "../values/encoded.ts";
import { listAdminStates, readAdminState } from "./adminState.ts";
import type { FunctionCall, QueryOutcome } from "./engine.ts";
import { DeveloperError } from "./errors.ts";
import type { Executor } from "./executor.ts";
import { canonicalPath } from "./functionPath.ts";
import type { ComponentInstance } from "./modules.ts";
import { readPage } from "./query/page.ts";
import { Transaction } from "./transaction.ts";
import type { WatchQuery, WatchRun } from "./watches.ts";

type SystemContext = {
  executor: Executor;
  database: Database;
  transaction: Transaction;
  component: ComponentInstance;
};

/** Answers with JSON text. */
type SystemQuery = (context: SystemContext, args: EncodedObject) => string;

const QUERIES: Record<string, SystemQuery> = {
  "_system/cli/queryEnvironmentVariables:default": ({ database }) =>
    JSON.stringify(
      Object.entries(readEnvironment(database))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
    ),
  "_system/cli/queryEnvironmentVariables:get": ({ database }, { name }) => {
    const value = readEnvironment(database)[text(name)];
    return JSON.stringify(value === undefined ? null : { name: text(name), value });
  },
  "_system/cli/convexUrl:cloudUrl": ({ executor }) =>
    JSON.stringify(executor.deployment.environment["CONVEX_CLOUD_URL"] ?? ""),
  "_system/cli/modules:apiSpec": ({ component }) => JSON.stringify(apiSpec(component)),
  "_system/frontend/components:list": ({ executor }) =>
    JSON.stringify(
      [...executor.runner.package().components.keys()]
        .filter((path) => path !== "")
        .map((path) => ({
          id: path,
          name: path.split("/").at(-1) ?? "",
          path,
          args: {},
          state: "active",
        })),
    ),
  "_system/cli/tables:default": ({ executor, transaction, component }) => {
    const prefix = `${component.path}/`;
    transaction.reads.add("tables", { low: prefix, high: `${prefix}\xff` });
    const { catalog } = executor.store;
    const page = catalog
      .tables(catalog.component(component.path))
      .filter(({ name }) => !name.startsWith("_"))
      .map(({ name }) => ({ name }));
    return JSON.stringify({ page, isDone: true, continueCursor: "" });
  },
  "_system/cli/tableData:default": tableData,
  "_system/cli/exports:getLatest": ({ database, transaction }) =>
    readAdminState(database, "export", transaction.reads) ?? "null",
  "_system/cli/queryImport:default": ({ database, transaction }, { importId }) =>
    readAdminState(database, `import/${text(importId)}`, transaction.reads) ?? "null",
  "_system/cli/queryImport:list": ({ database, transaction }) =>
    `[${listAdminStates(database, "import/", transaction.reads).join(",")}]`,
};

export function runSystemQuery(executor: Executor, call: FunctionCall | WatchQuery): WatchRun {
  if (call.caller.kind !== "admin") {
    throw new DeveloperError(`Could not find public function for '${call.path}'.`);
  }
  const query = QUERIES[canonicalPath(call.path)];
  if (query === undefined) {
    throw new DeveloperError(
      `The embedded backend does not support the system query '${call.path}'.`,
    );
  }
  const path = call.componentPath ?? "";
  const component = executor.runner.package().components.get(path) ?? unmounted(executor, path);
  const journal = "journal" in call ? (call.journal ?? null) : null;
  const transaction = new Transaction(executor.store, executor.clock.last, journal);
  const { database } = executor.store;
  const value = query(
    { executor, database, transaction, component },
    JSON.parse(call.args) as EncodedObject,
  );
  const outcome: QueryOutcome = {
    ok: true,
    value,
    logLines: [],
    journal: transaction.nextJournal,
  };
  return { outcome, reads: transaction.reads, identityRead: false };
}

/** Documents of any table, also of a component or of the backend's own. */
function tableData(context: SystemContext, args: EncodedObject): string {
  const { executor, transaction, component } = context;
  const { table, order, paginationOpts } = args;
  const componentId = executor.store.catalog.component(component.path);
  const { cursor, numItems } = paginationOpts as { cursor: string | null; numItems: number };
  if (executor.store.catalog.table(componentId, text(table)) === null) {
    transaction.reads.addTable(component.path, text(table));
    return JSON.stringify({ page: [], isDone: true, continueCursor: "" });
  }
  const source = {
    type: "FullTableScan",
    tableName: text(table),
    order: order === "asc" ? "asc" : "desc",
  } as const;
  // Only user code may not page in components.
  return readPage(transaction, executor.runner.cursors(), componentId, "", {
    query: { source, operators: [] },
    cursor,
    pageSize: numItems,
  });
}

function apiSpec({ definition }: ComponentInstance): Encoded {
  const functions = [...definition.functions].map(([path, fn]) => ({
    functionType: { query: "Query", mutation: "Mutation", action: "Action" }[fn.type],
    identifier: path.replace(":", ".js:"),
    visibility: { kind: fn.visibility },
    args: JSON.parse(fn.registered.exportArgs()) as Encoded,
    returns: (JSON.parse(fn.registered.exportReturns()) as Encoded) ?? { type: "any" },
  }));
  const routes = (definition.router?.getRoutes() ?? []).map(([path, method]) => ({
    functionType: "HttpAction",
    method,
    path,
  }));
  return [...functions, ...routes];
}

/** Before the first push, and where data was imported before the code, there is a component without functions. */
function unmounted(executor: Executor, path: string): ComponentInstance {
  if (path !== "" && !executor.store.catalog.components().has(path))
    throw new DeveloperError(`There is no component '${path}' in this deployment.`);
  const definition = { path, functions: new Map(), router: null, crons: {}, schema: null };
  return { path, definition, environment: {} };
}

function text(value: Encoded | undefined): string {
  return typeof value === "string" ? value : "";
}
