/** Why a machine that somebody sets up is refused: the last reason, for the checklist under its command. */
import { SECOND } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Machines from "./machines.ts";

/** An agent that is refused tries again and again: once in a while is enough to know. */
const MIN_INTERVAL_MS = 5 * SECOND;
const MAX_MESSAGE_LENGTH = 300;

export async function note(
  ctx: MutationCtx,
  {
    machineId,
    kind,
    message,
  }: { machineId: string; kind: Doc<"refusals">["kind"]; message: string },
): Promise<void> {
  const machine = await Machines.findById(ctx, machineId);
  if (machine === null) return;
  const last = await lastOf(ctx, machine._id);
  const at = Date.now();
  const refusal = { at, kind, message: message.slice(0, MAX_MESSAGE_LENGTH) };
  if (last === null) await ctx.db.insert("refusals", { machine: machine._id, ...refusal });
  else if (at - last.at >= MIN_INTERVAL_MS || last.kind !== kind) {
    await ctx.db.patch("refusals", last._id, refusal);
  }
}

export async function lastOf(
  ctx: QueryCtx,
  machine: Id<"machines">,
): Promise<Doc<"refusals"> | null> {
  return await ctx.db
    .query("refusals")
    .withIndex("by_machine", (q) => q.eq("machine", machine))
    .unique();
}
