/** Checks the moments that callers name, before anything counts days or hours between them. */
import { isInstant } from "../../core/time.ts";
import { fail } from "./fail.ts";

/** @throws AppError invalid where it is none. */
export function checkInstant(at: number, field: string): void {
  if (isInstant(at)) return;
  fail({ kind: "invalid", field, message: `${field} must be milliseconds since 1970.` });
}

/** @throws AppError invalid where it is none, or has no length. */
export function checkStretch({ from, to }: { from: number; to: number }): void {
  checkInstant(from, "from");
  checkInstant(to, "to");
  if (from < to) return;
  fail({ kind: "invalid", field: "from", message: "from must lie before to." });
}
