/** Pages that callers ask for, held to what one transaction should read: while it runs, heartbeats wait. */
import type { PaginationOptions } from "convex/server";
import { fail } from "./fail.ts";

/** Rows of a page that cost one read each. */
const MAX_PAGE = 1_000;

/** The page asked for, with fewer rows where they are too many. @throws AppError invalid for no number of rows. */
export function bounded(asked: PaginationOptions, most = MAX_PAGE): PaginationOptions {
  const { numItems } = asked;
  if (!(numItems >= 1)) {
    fail({ kind: "invalid", field: "numItems", message: "Ask for one row or more." });
  }
  return { ...asked, numItems: Math.min(Math.floor(numItems), most) };
}
