/** Turns whatever a call threw into something for people: one sentence, and the field that it is about. */
import { ConvexError } from "convex/values";
import { texts } from "@/texts/texts.ts";
import { type AppError, isAppError } from "../../core/errors.ts";

/** The expected failure inside a thrown value, or null where it is a bug or a broken connection. */
function appErrorOf(error: unknown): AppError | null {
  if (!(error instanceof ConvexError)) return null;
  const data: unknown = typeof error.data === "string" ? parseJson(error.data) : error.data;
  return isAppError(data) ? data : null;
}

/**
 * One sentence for a toast or an alert. The server speaks English: other languages have words of their own for each of its
 * sentences, or at least for the kind of refusal. Never the raw text of an unexpected error: that is for the console.
 */
export function messageOf(error: unknown): string {
  const expected = appErrorOf(error);
  const { errors, refusals, serverSaid } = texts().common;
  if (expected !== null) {
    return serverSaid(expected.message) ?? ownWords(expected, refusals) ?? expected.message;
  }
  if (isConnectionError(error)) {
    return errors.connection;
  }
  return errors.unexpected;
}

function ownWords(
  { kind }: AppError,
  refusals: Partial<Record<string, string | null>>,
): string | null {
  return refusals[kind] ?? null;
}

/** The argument that an expected failure is about, such as "name" or "config.url". */
export function fieldOf(error: unknown): string | null {
  const expected = appErrorOf(error);
  return expected?.kind === "invalid" ? (expected.field ?? null) : null;
}

/** Which of the expected failures it is; null for bugs and broken connections. */
export function kindOf(error: unknown): AppError["kind"] | null {
  return appErrorOf(error)?.kind ?? null;
}

export function isNotSignedIn(error: unknown): boolean {
  return kindOf(error) === "notSignedIn";
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
