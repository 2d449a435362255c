/** The hash chain of a workspace (core/ledger.ts): appended in the mutations that decide and settle, read by exports. */
import type { PaginationOptions } from "convex/server";
import { GENESIS, linkText } from "../../core/ledger.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { sha256Hex } from "./credentials.ts";
import { bounded } from "./paging.ts";

type Entry = { at: number; kind: string } & Record<string, unknown>;

export async function append(
  ctx: MutationCtx,
  workspaceId: Id<"workspaces">,
  entry: Entry,
): Promise<void> {
  const head = await headOf(ctx, workspaceId);
  const row = { sequence: (head?.sequence ?? 0) + 1, entry: JSON.stringify(entry) };
  const hash = await sha256Hex(linkText(head?.hash ?? GENESIS, row));
  await ctx.db.insert("ledger", { workspaceId, ...row, hash });
}

/** One page, oldest first, with the hash that its first row builds on. */
export async function page(
  ctx: QueryCtx,
  {
    workspaceId,
    paginationOpts,
  }: { workspaceId: Id<"workspaces">; paginationOpts: PaginationOptions },
) {
  const result = await ctx.db
    .query("ledger")
    .withIndex("by_workspaceId_and_sequence", (q) => q.eq("workspaceId", workspaceId))
    .paginate(bounded(paginationOpts));
  const [first] = result.page;
  const previousHash = first === undefined ? GENESIS : await hashBefore(ctx, first);
  const page = result.page.map(({ sequence, entry, hash }) => ({ sequence, entry, hash }));
  return {
    page: page.map((row, index) => (index === 0 ? { ...row, previousHash } : row)),
    isDone: result.isDone,
    continueCursor: result.continueCursor,
  };
}

/** Rows after one that somebody has, oldest first, the first of them with the hash that it builds on. */
export async function after(
  ctx: QueryCtx,
  {
    workspaceId,
    sequence: known,
    limit,
  }: { workspaceId: Id<"workspaces">; sequence: number; limit: number },
) {
  const rows = await ctx.db
    .query("ledger")
    .withIndex("by_workspaceId_and_sequence", (q) =>
      q.eq("workspaceId", workspaceId).gt("sequence", known),
    )
    .take(limit);
  const [first] = rows;
  const previousHash = first === undefined ? GENESIS : await hashBefore(ctx, first);
  return rows.map(({ sequence, entry, hash }, index) =>
    index === 0 ? { sequence, entry, hash, previousHash } : { sequence, entry, hash },
  );
}

async function headOf(ctx: QueryCtx, workspaceId: Id<"workspaces">): Promise<Doc<"ledger"> | null> {
  return await ctx.db
    .query("ledger")
    .withIndex("by_workspaceId_and_sequence", (q) => q.eq("workspaceId", workspaceId))
    .order("desc")
    .first();
}

/** Old rows are removed in time: then nobody can say what the first one builds on, and the verifier is told so. */
async function hashBefore(
  ctx: QueryCtx,
  { workspaceId, sequence }: Doc<"ledger">,
): Promise<string | null> {
  if (sequence === 1) return GENESIS;
  const before = await ctx.db
    .query("ledger")
    .withIndex("by_workspaceId_and_sequence", (q) =>
      q.eq("workspaceId", workspaceId).eq("sequence", sequence - 1),
    )
    .unique();
  return before?.hash ?? null;
}
