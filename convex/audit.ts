/** Public functions on the audit log. Admins read it; nobody writes it but the builders. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { adminQuery } from "./functions.ts";
import * as AuditLog from "./model/auditLog.ts";
import { vActorKind } from "./validators.ts";

const filterArgs = {
  actorId: v.optional(v.string()),
  subjectId: v.optional(v.string()),
  action: v.optional(v.string()),
  from: v.optional(v.number()),
  to: v.optional(v.number()),
  paginationOpts: paginationOptsValidator,
};

const vTextOrNull = v.union(v.string(), v.null());

/** Changes by whom and when, latest first. Filters narrow down pages, which may be shorter than asked for. */
export const list = adminQuery({
  args: filterArgs,
  returns: paginationResultValidator(
    v.object({
      eventId: v.id("auditEvents"),
      at: v.number(),
      actorKind: vActorKind,
      actorId: vTextOrNull,
      actorName: v.string(),
      /** The public function or endpoint: `machines.update`. */
      action: v.string(),
      /** The table; the id that people know (a machine's nanoid); its name at the time. */
      subjectKind: v.string(),
      subjectId: v.string(),
      subjectName: v.string(),
      changes: v.array(v.object({ field: v.string(), from: vTextOrNull, to: vTextOrNull })),
    }),
  ),
  handler: async (ctx, args) =>
    await AuditLog.page(ctx, { workspaceId: ctx.member.workspaceId, ...args }),
});

/** The same as CSV, page by page: append them all. The first page has the header. */
export const exportCsv = adminQuery({
  args: filterArgs,
  returns: v.object({ csv: v.string(), isDone: v.boolean(), continueCursor: v.string() }),
  handler: async (ctx, args) => {
    const { workspaceId } = ctx.member;
    const { page, isDone, continueCursor } = await AuditLog.page(ctx, { workspaceId, ...args });
    const isFirst = args.paginationOpts.cursor === null;
    return { csv: AuditLog.asCsv(page, isFirst), isDone, continueCursor };
  },
});
