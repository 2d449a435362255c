/** Times that count for nobody: our own outages, and maintenance. Read once per call, however many machines ask. */
import type { Interval } from "../../core/silences.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import * as Outages from "./outages.ts";

export interface Exclusions {
  outages: () => Promise<Interval[]>;
  maintenanceOf: (machine: Doc<"machines">) => Promise<Interval[]>;
}

/** What to leave out of the record of machines within a stretch of time. */
export function within(ctx: QueryCtx, stretch: Interval): Exclusions {
  let outages: Promise<Interval[]> | undefined;
  return {
    outages: async () => await (outages ??= Outages.between(ctx, stretch)),
    maintenanceOf: async () => await Promise.resolve([]),
  };
}
