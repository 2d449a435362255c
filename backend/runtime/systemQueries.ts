/** The `_system/*` queries that the official CLI asks for. Admin only; read from memory and bookkeeping, not from tables. */
import { readEnvironment } from "../store/deployment.ts";
import type { Encoded, EncodedObject } from "../values/encoded.ts";
import type { FunctionCall, QueryOutcome } from "./engine.ts";
import { DeveloperError } from "./errors.ts";
import type { Executor } from "./executor.ts";
import { canonicalPath } from "./functionPath.ts";
import { ReadSet } from "./readSet.ts";
import type { WatchRun } from "./watches.ts";

type SystemQuery = (executor: Executor, args: EncodedObject, componentPath: string) => Encoded;

const QUERIES: Record<string, SystemQuery> = {
  "_system/cli/queryEnvironmentVariables:default": (executor) =>
    Object.entries(readEnvironment(executor.store.database))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
  "_system/cli/queryEnvironmentVariables:get": (executor, { name }) => {
    const value = readEnvironment(executor.store.database)[text(name)];
    return value === undefined ? null : { name: text(name), value };
  },
  "_system/cli/convexUrl:cloudUrl": (executor) =>
    executor.deployment.environment["CONVEX_CLOUD_URL"] ?? "",
  "_system/cli/modules:apiSpec": (executor, _args, componentPath) => {
    const component = executor.runner.package().components.get(componentPath);
    return [...(component?.definition.functions ?? [])].map(([path, fn]) => ({
      functionType: { query: "Query", mutation: "Mutation", action: "Action" }[fn.type],
      identifier: path.replace(":", ".js:"),
      visibility: { kind: fn.visibility },
      args: JSON.parse(fn.registered.exportArgs()) as Encoded,
      returns: (JSON.parse(fn.registered.exportReturns()) as Encoded) ?? { type: "any" },
    }));
  },
  "_system/frontend/components:list": (executor) =>
    [...executor.runner.package().components.values()]
      .filter((component) => component.path !== "")
      .map((component) => ({
        id: component.path,
        name: component.path.split("/").at(-1) ?? "",
        path: component.path,
        args: {},
        state: "active",
      })),
};

/** Runs like any query, except that only a push or a change of environment makes it run again. */
export function runSystemQuery(executor: Executor, call: FunctionCall): WatchRun {
  if (call.caller.kind !== "admin") {
    throw new DeveloperError(`Could not find public function for '${call.path}'.`);
  }
  const query = QUERIES[canonicalPath(call.path)];
  if (query === undefined) {
    throw new DeveloperError(
      `The embedded backend does not support the system query '${call.path}'.`,
    );
  }
  const value = query(executor, JSON.parse(call.args) as EncodedObject, call.componentPath ?? "");
  const outcome: QueryOutcome = {
    ok: true,
    value: JSON.stringify(value),
    logLines: [],
    journal: null,
  };
  return { outcome, reads: new ReadSet(), identityRead: false };
}

function text(value: Encoded | undefined): string {
  return typeof value === "string" ? value : "";
}
