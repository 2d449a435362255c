/** Public functions for operators: questions to a whole fleet, answered in pages (S0.5, S0.7). */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { viewerQuery } from "./functions.ts";
import * as Operators from "./model/operators.ts";

const vTextOrNull = v.union(v.string(), v.null());
const identityFields = {
  machineId: v.string(),
  name: v.string(),
  hostname: vTextOrNull,
  tags: v.array(v.string()),
  version: vTextOrNull,
};
const pageArgs = { paginationOpts: paginationOptsValidator };

/** Machines heard since a time. For "active within N minutes" pass now minus that, rounded. */
export const active = viewerQuery({
  args: { activeSince: v.number(), ...pageArgs },
  returns: paginationResultValidator(v.object({ ...identityFields, lastHeartbeatAt: v.number() })),
  handler: async (ctx, args) =>
    await Operators.active(ctx, { workspaceId: ctx.member.workspaceId, ...args }),
});

/** Machines that were online at some moment between two times (ms since 1970), with the version that they ran. */
export const aliveBetween = viewerQuery({
  args: { from: v.number(), to: v.number(), ...pageArgs },
  returns: paginationResultValidator(v.object(identityFields)),
  handler: async (ctx, args) =>
    await Operators.aliveBetween(ctx, { workspaceId: ctx.member.workspaceId, ...args }),
});

/** Versions with how many machines run them and the most recent heartbeat, per page: add up with core/versionCounts. */
export const versions = viewerQuery({
  args: pageArgs,
  returns: paginationResultValidator(
    v.object({
      version: vTextOrNull,
      machines: v.number(),
      lastHeartbeatAt: v.union(v.number(), v.null()),
    }),
  ),
  handler: async (ctx, args) =>
    await Operators.versions(ctx, { workspaceId: ctx.member.workspaceId, ...args }),
});

/** Machines with a text in anything known of them, metadata too, and where it was found first. */
export const search = viewerQuery({
  args: { text: v.string(), ...pageArgs },
  returns: paginationResultValidator(v.object({ ...identityFields, foundIn: v.string() })),
  handler: async (ctx, args) =>
    await Operators.search(ctx, { workspaceId: ctx.member.workspaceId, ...args }),
});
