/** What the REST API reads of the delivery log's hash chain. Access is checked ahead: see access.ts. */
import { v } from "convex/values";
import { internalQuery } from "../functions.ts";
import * as Ledger from "../model/ledger.ts";
import type { Page } from "./collect.ts";

/** Rows as lines of JSON, oldest first; the cursor is the sequence of the last. */
export const page = internalQuery({
  args: {
    workspaceId: v.id("workspaces"),
    cursor: v.union(v.string(), v.null()),
    limit: v.number(),
  },
  handler: async (ctx, { workspaceId, cursor, limit }): Promise<Page<string>> => {
    const sequence = Number(cursor ?? 0);
    const rows = await Ledger.after(ctx, { workspaceId, sequence, limit });
    const last = rows.at(-1);
    const isLast = rows.length < limit || last === undefined;
    return {
      rows: rows.map((row) => JSON.stringify(row)),
      next: isLast ? null : String(last.sequence),
    };
  },
});
