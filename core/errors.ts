/**
 * Every failure that a caller may expect, as one union: it travels as the data of a ConvexError to the page.
 * Bugs are plain Errors and are not listed here.
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
  | (ErrorOf<"alreadyAcknowledged"> & { by: string; at: number })
  | (ErrorOf<"rateLimited"> & { retryAfterMs: number });

/** Every kind; the type holds the list to the union. */
const kinds: Record<AppError["kind"], true> = {
  notSignedIn: true,
  signUpsClosed: true,
  badCredentials: true,
  forbidden: true,
  notFound: true,
  duplicateMachineId: true,
  invalid: true,
  limitReached: true,
  alreadyAcknowledged: true,
  rateLimited: true,
};

/** Whether a value caught from Convex (the `data` of a ConvexError) is one of ours. */
export function isAppError(data: unknown): data is AppError {
  if (typeof data !== "object" || data === null) return false;
  const { kind, message } = data as Record<string, unknown>;
  return typeof kind === "string" && Object.hasOwn(kinds, kind) && typeof message === "string";
}
