/**
 * Small transactions of the backend's own, under `_builtin/`: what actions and the HTTP server need of the database
 * outside of any function of the user's.
 */
import type { Encoded } from "../values/encoded.ts";
import type { FunctionOutcome } from "./engine.ts";
import { describeFailure, failedOutcome } from "./errors.ts";
import { fileOperations, type FileOperation } from "./fileAccess.ts";
import type { ResolvedFunction } from "./functionPath.ts";
import { addJob, cancelJob } from "./jobs.ts";
import type { InternalRunRequest } from "./messages.ts";
import { newRequestId } from "./requestId.ts";
import type { FileScope } from "./storedFiles.ts";
import { Transaction } from "./transaction.ts";
import { exclusiveUnit, type UnitTools } from "./units.ts";
import type { Unit } from "./unitQueue.ts";

type Builtin = {
  writes: boolean;
  perform: (tools: UnitTools, scope: FileScope, args: Record<string, unknown>) => unknown;
};

const fileBuiltin = ({ writes, perform }: FileOperation): Builtin => ({
  writes,
  perform: (tools, scope, args) => perform(scope, tools.runner.files(), args),
});

const BUILTINS: Record<string, Builtin> = {
  "_builtin/scheduler:schedule": { writes: true, perform: schedule },
  "_builtin/scheduler:cancel": {
    writes: true,
    perform: (_tools, { transaction, componentId }, { id }) => {
      cancelJob(transaction, componentId, String(id));
      return null;
    },
  },
  ...Object.fromEntries(
    Object.entries(fileOperations).map(([name, operation]) => [
      `_builtin/storage:${name}`,
      fileBuiltin(operation),
    ]),
  ),
};

export function builtinUnit(
  tools: UnitTools,
  request: InternalRunRequest,
  reply: (outcome: FunctionOutcome) => void,
): Unit {
  const fail = (error: Error) => reply(failedOutcome(newRequestId(), describeFailure(error), []));
  return exclusiveUnit(
    (group) => {
      const builtin = BUILTINS[request.path];
      if (builtin === undefined) throw new Error(`There is no ${request.path}.`);
      if (!builtin.writes) return run(tools, builtin, request, tools.clock.last);
      group.beginWrites();
      const done = run(tools, builtin, request, tools.clock.next());
      group.touched.push(...done.transaction.writes);
      return done;
    },
    ({ value, transaction }) => {
      reply({ ok: true, value: JSON.stringify(value), ts: transaction.ts, logLines: [] });
      if (transaction.scheduled.length > 0) tools.scheduled();
    },
    fail,
  );
}

/** All of it or nothing. */
function run(tools: UnitTools, builtin: Builtin, request: InternalRunRequest, ts: bigint) {
  const componentPath = request.componentPath ?? "";
  if (!tools.runner.package().components.has(componentPath))
    throw new Error(`There is no component "${componentPath}" any more.`);
  const componentId = tools.store.catalog.component(componentPath);
  const transaction = new Transaction(tools.store, ts, null);
  const args = JSON.parse(request.args) as Record<string, unknown>;
  const scope = { transaction, componentId, componentPath };
  if (!builtin.writes) return { value: builtin.perform(tools, scope, args), transaction };
  const savepoint = transaction.savepoint();
  try {
    const value = builtin.perform(tools, scope, args);
    savepoint.keep();
    return { value, transaction };
  } catch (error) {
    savepoint.undo();
    throw error;
  }
}

function schedule(
  tools: UnitTools,
  { transaction, componentId, componentPath }: FileScope,
  args: Record<string, unknown>,
): string {
  const target = args["target"] as ResolvedFunction;
  const found = tools.runner.package().function(target);
  if (found === null)
    throw new Error(`Attempted to schedule function at nonexistent path: ${target.path}`);
  if (found.fn.type === "query")
    throw new Error(
      `Attempted to schedule ${target.path}, which is a query: schedule mutations and actions.`,
    );
  return addJob(transaction, componentId, componentPath, {
    target,
    dueMs: Number(args["ts"]) * 1000,
    args: [args["args"] as Encoded],
  });
}
