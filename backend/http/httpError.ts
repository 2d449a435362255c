/** Failures below the functions themselves: `{code, message}` with a status. A function that throws is no such failure. */
import { type ServerResponse } from "node:http";
import { EngineError } from "../runtime/engine.ts";
import { AuthenticationError } from "../sync/authenticator.ts";
import { sendJson } from "./send.ts";

export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (code: string, message: string): HttpError =>
  new HttpError(400, code, message);

/** Answers a failed request, if it has not been answered yet. Unexpected errors are logged, not shown. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  log: (message: string) => void,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, code, message } = describe(error, log);
  sendJson(response, status, JSON.stringify({ code, message }));
}

function describe(error: unknown, log: (message: string) => void) {
  if (error instanceof HttpError) return error;
  if (error instanceof EngineError || error instanceof AuthenticationError) {
    return { status: error.httpStatus, code: error.code, message: error.message };
  }
  log(`A request failed: ${error instanceof Error ? (error.stack ?? error.message) : "?"}`);
  const message = "Your request couldn't be completed. Try again later.";
  return { status: 500, code: "InternalServerError", message };
}
