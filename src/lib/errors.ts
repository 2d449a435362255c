/** Turns whatever a call threw into something for people: one sentence, and the field that it is about. */
import { ConvexError } from "convex/values";
import { type AppError, isAppError } from "../../core/errors.ts";

/** The expected failure inside a thrown value, or null where it is a bug or a broken connection. */
function appErrorOf(error: unknown): AppError | null {
  if (!(error instanceof ConvexError)) return null;
  const data: unknown = typeof error.data === "string" ? parseJson(error.data) : error.data;
  return isAppError(data) ? data : null;
}

/** One sentence for a toast or an alert. Never the raw text of an unexpected error: that is for the console. */
export function messageOf(error: unknown): string {
  const expected = appErrorOf(error);
  if (expected !== null) return expected.message;
  if (isConnectionError(error)) {
    return "The connection broke before the answer came. Check that the backend runs, then try again.";
  }
  return "Something went wrong on the server. Try again; the backend's log has the details.";
}

/** The argument that an expected failure is about, such as "name" or "config.url". */
export function fieldOf(error: unknown): string | null {
  const expected = appErrorOf(error);
  return expected?.kind === "invalid" ? (expected.field ?? null) : null;
}

export function isNotSignedIn(error: unknown): boolean {
  return appErrorOf(error)?.kind === "notSignedIn";
}

function isConnectionError(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && /connection lost|failed to fetch|network/i.test(error.message))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
