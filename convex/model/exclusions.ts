/** Times that count for nobody: our own outages, and maintenance. */
import type { Interval } from "../../core/silences.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as Outages from "./outages.ts";

export interface Exclusions {
  outages: Interval[];
  maintenance: Interval[];
}

/** What to leave out of a machine's record in a stretch of time. */
export async function of(
  ctx: QueryCtx,
  { from, to }: { machine: Doc<"machines"> } & Interval,
): Promise<Exclusions> {
  return { outages: await Outages.between(ctx, { from, to }), maintenance: [] };
}
