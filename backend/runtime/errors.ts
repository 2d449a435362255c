/** What a developer and a client are told when a function fails. */
import type { FunctionOutcome } from "./engine.ts";

/** An error for the developer whose whole text is its message: no "Uncaught", no stack of ours. */
export class DeveloperError extends Error {}

/** A failure that carries ConvexError data through nested calls. `data` is encoded JSON, as syscall.ts expects it. */
export class NestedError extends Error {
  readonly data: unknown;
  constructor(message: string, data: unknown) {
    super(message);
    this.data = data;
  }
}

export type Failure = { message: string; data: string | null };

/** Reads a thrown value of any kind, also one whose properties throw in turn. */
export function describeFailure(thrown: unknown): Failure {
  try {
    return readFailure(thrown);
  } catch {
    return { message: "Uncaught value that cannot be shown", data: null };
  }
}

/** ConvexError arrives with its data already serialized by the client library. */
function readFailure(thrown: unknown): Failure {
  if (isConvexError(thrown)) {
    const data = typeof thrown.data === "string" ? thrown.data : JSON.stringify(thrown.data);
    return { message: `Uncaught ConvexError: ${data}${framesOf(thrown)}`, data };
  }
  if (thrown instanceof DeveloperError) return { message: thrown.message, data: null };
  if (thrown instanceof Error)
    return { message: `Uncaught ${thrown.name}: ${thrown.message}${framesOf(thrown)}`, data: null };
  return { message: `Uncaught ${String(thrown)}`, data: null };
}

export function failedOutcome(
  requestId: string,
  failure: Failure,
  logLines: string[],
): FunctionOutcome {
  const errorMessage = `[Request ID: ${requestId}] Server Error\n${failure.message}`;
  return failure.data === null
    ? { ok: false, errorMessage, logLines }
    : { ok: false, errorMessage, errorData: failure.data, logLines };
}

/** The outcome of an action that could not be run at all. */
export function failedAction(error: unknown): FunctionOutcome {
  const errorMessage = error instanceof Error ? error.message : String(error);
  return { ok: false, errorMessage, logLines: [] };
}

function isConvexError(thrown: unknown): thrown is Error & { data: unknown } {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "ConvexErrorSymbol" in thrown &&
    "data" in thrown
  );
}

/** Frames of the user's own modules, as paths in their project. */
function framesOf(error: Error): string {
  const { stack = "", message } = error;
  // The message of a nested failure holds frames of its own, and a stack starts with the message.
  const lines = stack
    .slice(Math.max(0, stack.indexOf(message)) + message.length)
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "));
  const own: string[] = [];
  for (const line of lines) {
    if (line.includes("/node_modules/")) continue;
    const place = /(?:^|[(\s])(?:file:\/\/)?[^\s()]*\/modules\/\d+\/\d+\/([^\s()]+)\)?$/.exec(line);
    const mapped = /(?:^|[(\s])(?:file:\/\/)?[^\s()]*?((?:\.\.\/)?convex\/[^\s()]+)\)?$/.exec(line);
    const path = mapped?.[1] ?? place?.[1];
    if (path === undefined || path.startsWith("_deps/")) continue;
    const name = /at (?:async )?([\w.<>$ ]+) \(/.exec(line)?.[1];
    const shown = path.startsWith("../")
      ? path
      : path.startsWith("convex/")
        ? `../${path}`
        : `../convex/${path}`;
    own.push(`    at ${name === undefined ? shown : `${name} (${shown})`}`);
  }
  return own.length === 0 ? "" : `\n${own.slice(0, 10).join("\n")}`;
}
