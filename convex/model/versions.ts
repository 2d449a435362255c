/** Which version runs where: writes down changes as agents report them, and tells how a version spreads. */
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";

/** Notes that a machine reports another version than before. The machine's own row is the caller's business. */
export async function note(
  ctx: MutationCtx,
  { machine, version, at }: { machine: Doc<"machines">; version: string | undefined; at: number },
): Promise<void> {
  if (version === undefined || version === machine.version) return;
  await ctx.db.insert("versionChanges", {
    workspaceId: machine.workspaceId,
    machine: machine._id,
    from: machine.version ?? null,
    to: version,
    at,
  });
}
