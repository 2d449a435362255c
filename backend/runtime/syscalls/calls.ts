/** Syscalls that call, name or schedule other functions from inside a transaction. */
import type { Encoded } from "../../values/encoded.ts";
import { resolveAddress } from "../functionPath.ts";
import { addJob, cancelJob } from "../jobs.ts";
import { scopeOf, transactionOf, type AsyncSyscall } from "./host.ts";

export const callSyscalls: Record<string, AsyncSyscall> = {
  "1.0/runUdf": (host, frame, args) => {
    const type = String(args["udfType"]);
    if (type === "mutation" && frame.kind !== "mutation")
      throw new Error("A query cannot run a mutation.");
    const target = resolveAddress(args, frame.component.path, host.package());
    // A stale snapshot is never older than the transaction here, since nothing runs beside it.
    return host.runNested(frame, {
      type: type === "mutation" ? "mutation" : "query",
      target,
      args: JSON.stringify(args["args"]),
    });
  },
  "1.0/createFunctionHandle": (host, frame, args) => {
    const target = resolveAddress(args, frame.component.path, host.package());
    if (host.package().function(target) === null)
      throw new Error(`Could not find function ${target.path} for a function handle.`);
    return JSON.stringify(host.package().handleFor(target));
  },
  "1.0/schedule": (host, frame, args) => {
    const scope = scopeOf(host, frame);
    if (frame.kind !== "mutation")
      throw new Error("Functions can be scheduled from mutations and actions only.");
    const target = resolveAddress(args, frame.component.path, host.package());
    const found = host.package().function(target);
    if (found === null)
      throw new Error(`Attempted to schedule function at nonexistent path: ${target.path}`);
    if (found.fn.type === "query")
      throw new Error(
        `Attempted to schedule ${target.path}, which is a query: schedule mutations and actions.`,
      );
    const id = addJob(scope.transaction, scope.componentId, scope.component.path, {
      target,
      dueMs: Number(args["ts"]) * 1000,
      args: [args["args"] as Encoded],
    });
    return JSON.stringify(id);
  },
  "1.0/cancel_job": (host, frame, args) => {
    transactionOf(frame);
    const scope = scopeOf(host, frame);
    cancelJob(scope.transaction, scope.componentId, String(args["id"]));
    return "null";
  },
};
