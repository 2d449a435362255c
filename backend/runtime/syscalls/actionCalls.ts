/**
 * The table of all syscalls of actions and HTTP actions. They are in no transaction: whatever touches the database is a
 * call to the executor, each a transaction of its own.
 */
import { FileContents } from "../../store/fileContents.ts";
import type { FunctionCall } from "../engine.ts";
import type { Frame } from "../frame.ts";
import { resolveAddress, type ResolvedFunction } from "../functionPath.ts";
import type { Syscalls } from "../globals.ts";
import type { InternalRunRequest } from "../messages.ts";
import type { LoadedPackage } from "../modules.ts";
import { NOBODY } from "../requestId.ts";
import { FILE_SYSCALLS, getBlob, storeBlob, type AskForFile } from "./actionStorage.ts";
import type { Args } from "./host.ts";

/** Both calls resolve with the encoded JSON of the value, and reject with what the caller may catch. */
export type ActionHost = {
  package(): LoadedPackage;
  inExecutor(request: InternalRunRequest): Promise<string>;
  otherAction(call: FunctionCall): Promise<string>;
};

type ActionSyscall = (host: ActionHost, frame: Frame, args: Args) => string | Promise<string>;

const callSyscalls: Record<string, ActionSyscall> = {
  "1.0/actions/query": (host, frame, args) =>
    host.inExecutor({ type: "query", ...callOf(host, frame, args), trusted: true }),
  "1.0/actions/mutation": (host, frame, args) =>
    host.inExecutor({ type: "mutation", ...callOf(host, frame, args), trusted: true }),
  "1.0/actions/action": (host, frame, args) => host.otherAction(callOf(host, frame, args)),
  "1.0/actions/schedule": (host, frame, args) =>
    builtin(host, frame, "scheduler:schedule", { ...args, target: resolve(host, frame, args) }),
  "1.0/actions/cancel_job": (host, frame, args) => builtin(host, frame, "scheduler:cancel", args),
  "1.0/createFunctionHandle": (host, frame, args) =>
    JSON.stringify(host.package().handleFor(resolve(host, frame, args))),
};

const metadataSyscalls: Record<string, ActionSyscall> = {
  "1.0/getUserIdentity": (_host, frame) =>
    JSON.stringify(frame.component.path === "" ? frame.identity : null),
  "1.0/getFunctionMetadata": (_host, frame) =>
    JSON.stringify({ name: frame.path, componentPath: frame.component.path }),
  "1.0/getDeploymentMetadata": () =>
    JSON.stringify({ name: "embedded", region: null, class: "s16" }),
  "1.0/getRequestMetadata": (_host, frame) =>
    JSON.stringify({
      ip: null,
      userAgent: null,
      requestId: frame.requestId,
      scheduledFunctionId: null,
      authToken: null,
    }),
};

const fileSyscalls: Record<string, ActionSyscall> = Object.fromEntries(
  Object.entries(FILE_SYSCALLS).map(([op, operation]) => [
    op,
    (host, frame, args) => askForFile(host)(frame, operation, args),
  ]),
);

const async = { ...callSyscalls, ...metadataSyscalls, ...fileSyscalls };

export function actionSyscalls(host: ActionHost): Syscalls {
  return {
    syscall: (_frame, op) => {
      throw new Error(`Unknown operation ${op}: it is not available in actions.`);
    },
    jsSyscall: (frame, op, args) => {
      switch (op) {
        case "storage/storeBlob":
          return storeBlob(frame, args, contents(host), askForFile(host));
        case "storage/getBlob":
          return getBlob(frame, args, contents(host), askForFile(host));
        default:
          throw new Error(`Unknown operation ${op}: the embedded backend does not support it.`);
      }
    },
    asyncSyscall: async (frame, op, args) => {
      const handler = async[op];
      if (handler !== undefined) return handler(host, frame, JSON.parse(args) as Args);
      throw new Error(
        `Unknown async operation ${op}: the embedded backend does not support it in actions.`,
      );
    },
  };
}

function resolve(host: ActionHost, frame: Frame, args: Args): ResolvedFunction {
  return resolveAddress(args, frame.component.path, host.package());
}

function callOf(host: ActionHost, frame: Frame, args: Args): FunctionCall {
  const { path, componentPath } = resolve(host, frame, args);
  return {
    path,
    componentPath,
    args: JSON.stringify(args["args"]),
    caller: { kind: "user", identity: frame.identity },
  };
}

/** Operations on jobs and files are small transactions of the backend's own (builtins.ts). */
function builtin(host: ActionHost, frame: Frame, name: string, args: Args): Promise<string> {
  return host.inExecutor({
    type: "mutation",
    path: `_builtin/${name}`,
    componentPath: frame.component.path,
    args: JSON.stringify(args),
    caller: NOBODY,
    trusted: true,
  });
}

function askForFile(host: ActionHost): AskForFile {
  return (frame, operation, args) => builtin(host, frame, `storage:${operation}`, args);
}

function contents(host: ActionHost): FileContents {
  return new FileContents(host.package().filesDirectory);
}
