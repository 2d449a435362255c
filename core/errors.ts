/**
 * Every failure that a caller may expect, as one union: it travels as the data of a ConvexError to the page
 * and through one table to HTTP. Bugs are plain Errors and are not listed here.
 */

/** `message` is for people: what was wrong and what would be right. */
type ErrorOf<Kind extends string> = { kind: Kind; message: string };

export type AppError =
  | ErrorOf<"notSignedIn">
  | ErrorOf<"signUpsClosed">
  | ErrorOf<"badCredentials">
  | ErrorOf<"forbidden">
  | ErrorOf<"notFound">
  | ErrorOf<"duplicateMachineId">
  | (ErrorOf<"invalid"> & { field?: string })
  | ErrorOf<"limitReached">
  | (ErrorOf<"rateLimited"> & { retryAfterMs: number });

export type AppErrorKind = AppError["kind"];

/** Answers over HTTP and whether the same request can succeed later without a change by the caller. */
export const errorTable: Record<AppErrorKind, { httpStatus: number; isRetryable: boolean }> = {
  notSignedIn: { httpStatus: 401, isRetryable: false },
  signUpsClosed: { httpStatus: 403, isRetryable: false },
  badCredentials: { httpStatus: 401, isRetryable: false },
  forbidden: { httpStatus: 403, isRetryable: false },
  notFound: { httpStatus: 404, isRetryable: false },
  duplicateMachineId: { httpStatus: 409, isRetryable: false },
  invalid: { httpStatus: 422, isRetryable: false },
  limitReached: { httpStatus: 409, isRetryable: false },
  rateLimited: { httpStatus: 429, isRetryable: true },
};

/** Whether a value caught from Convex (the `data` of a ConvexError) is one of ours. */
export function isAppError(data: unknown): data is AppError {
  if (typeof data !== "object" || data === null) return false;
  const { kind, message } = data as Record<string, unknown>;
  return typeof kind === "string" && Object.hasOwn(errorTable, kind) && typeof message === "string";
}
