/**
 * Calls one registered function: checks its arguments, runs it in its frame, checks what it returns. Everything that can
 * go wrong in user code ends here as a Failure.
 */
import { argumentsProblem, returnProblem } from "../values/documentRules.ts";
import type { Encoded } from "../values/encoded.ts";
import type { IdCheck } from "../values/validator.ts";
import { DeveloperError, describeFailure, type Failure } from "./errors.ts";
import { runInFrame, type Frame } from "./frame.ts";
import type { LoadedFunction } from "./modules.ts";

export type InvokeResult =
  { ok: true; value: string } | { ok: false; failure: Failure; thrown: unknown };

/** `args` is the JSON text of the argument object. Never rejects. */
export async function invoke(
  fn: LoadedFunction,
  frame: Frame,
  args: string,
  isId: IdCheck,
): Promise<InvokeResult> {
  try {
    checkArguments(fn, args, isId);
    const value = await runInFrame(frame, () => call(fn, frame, `[${args}]`));
    checkReturn(fn, frame.path, value, isId);
    return { ok: true, value };
  } catch (thrown) {
    return { ok: false, failure: describeFailure(thrown), thrown };
  } finally {
    frame.ended = true;
    frame.streams.clear();
  }
}

function call(fn: LoadedFunction, frame: Frame, args: string): Promise<string> {
  switch (fn.type) {
    case "query":
      return fn.registered.invokeQuery(args);
    case "mutation":
      return fn.registered.invokeMutation(args);
    case "action":
      return fn.registered.invokeAction(frame.requestId, args);
    default:
      return fn.type satisfies never;
  }
}

function checkArguments(fn: LoadedFunction, args: string, isId: IdCheck): void {
  const value = JSON.parse(args) as Encoded;
  const problem = argumentsProblem(value, args);
  if (problem !== null) throw new DeveloperError(problem);
  const wrong = fn.checkArgs(value, isId);
  if (wrong !== null) throw new DeveloperError(`ArgumentValidationError: ${wrong.message}`);
}

function checkReturn(fn: LoadedFunction, path: string, value: string, isId: IdCheck): void {
  const problem = returnProblem(path, value);
  if (problem !== null) throw new DeveloperError(problem);
  if (fn.checkReturns === null) return;
  const wrong = fn.checkReturns(JSON.parse(value) as Encoded, isId);
  if (wrong !== null) throw new DeveloperError(`ReturnsValidationError: ${wrong.message}`);
}

/** What syscall.ts of the client library makes an error of: a message, and data if it was a ConvexError. */
export function rethrowable(result: InvokeResult & { ok: false }): {
  message: string;
  data?: unknown;
} {
  const { failure } = result;
  return failure.data === null
    ? { message: failure.message }
    : { message: failure.message, data: JSON.parse(failure.data) as unknown };
}
