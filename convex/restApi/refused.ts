/** How a request to the REST API is refused, and what the caller reads of it. */
import { ConvexError } from "convex/values";
import type { Issue } from "../../core/agentApi.ts";
import { isAppError, type AppError } from "../../core/errors.ts";
import { restErrors, type RestErrorCode } from "../../core/restApi/errors.ts";
import { SECOND } from "../../core/time.ts";

interface Details {
  message?: string;
  issues?: Issue[];
  retryAfterMs?: number;
  allowed?: string[];
}

/** An expected failure on its way out. */
export class Refused extends Error {
  readonly code: RestErrorCode;
  readonly details: Details;

  constructor(code: RestErrorCode, details: Details = {}) {
    super(details.message ?? restErrors[code].message);
    this.code = code;
    this.details = details;
  }
}

/** Failures of the app that have a code of their own here; any other means that the request made no sense. */
const codes: Partial<Record<AppError["kind"], RestErrorCode>> = {
  notFound: "notFound",
  forbidden: "forbidden",
  duplicateMachineId: "duplicateMachineId",
  invalid: "notStorable",
  limitReached: "limitReached",
  rateLimited: "rateLimited",
};

/** The answer to a failure; one that nobody expected is logged and says nothing of its cause. */
export function refuse(error: unknown, path: string): Response {
  if (error instanceof Refused) return errorResponse(error.code, error.details);
  const data: unknown = error instanceof ConvexError ? error.data : null;
  if (!isAppError(data)) {
    console.error(`${path} failed:`, error);
    return errorResponse("unavailable", { retryAfterMs: SECOND });
  }
  const { message } = data;
  return errorResponse(codes[data.kind] ?? "badRequest", {
    message,
    ...(data.kind === "rateLimited" ? { retryAfterMs: data.retryAfterMs } : {}),
    ...(data.kind === "invalid" ? { issues: [{ path: data.field ?? "", message }] } : {}),
  });
}

function errorResponse(
  code: RestErrorCode,
  { message = restErrors[code].message, issues, retryAfterMs, allowed }: Details,
): Response {
  const headers: Record<string, string> = { "Cache-Control": "no-store" };
  if (code === "unauthorized") headers["WWW-Authenticate"] = "Bearer";
  if (allowed !== undefined) headers["Allow"] = allowed.join(", ");
  if (retryAfterMs !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfterMs / SECOND));
  const error = { code, message, ...(issues && { issues }) };
  return Response.json({ error }, { status: restErrors[code].httpStatus, headers });
}
