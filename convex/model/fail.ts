/** How server code refuses: every expected failure is an AppError inside a ConvexError. */
import { ConvexError } from "convex/values";
import type { AppError } from "../../core/errors.ts";

export function fail(error: AppError): never {
  throw new ConvexError(error);
}
