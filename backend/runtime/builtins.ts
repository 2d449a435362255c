/** Small mutations of the backend's own that actions need: they schedule and cancel outside of any user transaction. */
import type { Encoded } from "../values/encoded.ts";
import type { FunctionOutcome } from "./engine.ts";
import { describeFailure, failedOutcome } from "./errors.ts";
import type { ResolvedFunction } from "./functionPath.ts";
import { addJob, cancelJob } from "./jobs.ts";
import type { InternalRunRequest } from "./messages.ts";
import { newRequestId } from "./requestId.ts";
import { Transaction } from "./transaction.ts";
import { exclusiveUnit, type UnitTools } from "./units.ts";
import type { Unit } from "./unitQueue.ts";

type ScheduleArgs = { target: ResolvedFunction; ts: number; args: Encoded };

export function builtinUnit(
  tools: UnitTools,
  request: InternalRunRequest,
  reply: (outcome: FunctionOutcome) => void,
): Unit {
  const fail = (error: Error) => reply(failedOutcome(newRequestId(), describeFailure(error), []));
  return exclusiveUnit(
    (group) => {
      group.beginWrites();
      const transaction = new Transaction(tools.store, tools.clock.next(), null);
      const value = perform(tools, transaction, request);
      group.touched.push(...transaction.writes);
      return { value, ts: transaction.ts };
    },
    ({ value, ts }) => {
      reply({ ok: true, value: JSON.stringify(value), ts, logLines: [] });
      tools.scheduled();
    },
    fail,
  );
}

function perform(
  tools: UnitTools,
  transaction: Transaction,
  request: InternalRunRequest,
): string | null {
  const componentPath = request.componentPath ?? "";
  const component = tools.store.catalog.component(componentPath);
  if (request.path.endsWith(":cancel")) {
    cancelJob(transaction, component, (JSON.parse(request.args) as { id: string }).id);
    return null;
  }
  const { target, ts, args } = JSON.parse(request.args) as ScheduleArgs;
  const found = tools.runner.package().function(target);
  if (found === null)
    throw new Error(`Attempted to schedule function at nonexistent path: ${target.path}`);
  if (found.fn.type === "query")
    throw new Error(
      `Attempted to schedule ${target.path}, which is a query: schedule mutations and actions.`,
    );
  return addJob(transaction, component, componentPath, { target, dueMs: ts * 1000, args: [args] });
}
