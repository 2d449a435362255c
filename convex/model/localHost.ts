/** The server's own host as a machine of the first workspace, while LOCAL_HOST_METRICS is true: for development. */
import type { MutationCtx } from "../_generated/server.js";
import * as Audit from "./audit.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import { isLocalHostShown } from "./settings.ts";
import * as Shelves from "./shelves.ts";

const actor = { kind: "system" as const, name: "local host" };

/**
 * Adds the machine unless it was added before, deleted since or not. Answers whether its agent may start: not before
 * there is a workspace to put it in.
 * @throws AppError invalid while LOCAL_HOST_METRICS is not true.
 */
export async function ensure(
  ctx: MutationCtx,
  host: { machineId: string; secretHash: string; name: string },
): Promise<boolean> {
  if (!isLocalHostShown()) {
    fail({ kind: "invalid", field: "LOCAL_HOST_METRICS", message: "It is not true." });
  }
  if (await Machines.isUsed(ctx, host.machineId)) return true;
  const first = await ctx.db.query("workspaces").first();
  if (first === null) return false;
  const workspaceId = first._id;
  await Audit.during(
    ctx,
    { actor, action: "machines.create", workspaceId },
    async (watched) => await Machines.add(watched, { workspaceId, ...host }),
  );
  return true;
}

/** Takes it out for good, with its history: nothing about the host stays. */
export async function forget(ctx: MutationCtx, machineId: string): Promise<void> {
  const machine = await Machines.findById(ctx, machineId);
  if (machine === null) return;
  const { workspaceId } = machine;
  await Audit.during(
    ctx,
    { actor, action: "machines.remove", workspaceId },
    async (watched) => await Shelves.purge(watched, machine),
  );
}
