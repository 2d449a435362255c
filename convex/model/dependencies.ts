/** Which machine another cannot be reached without: a router, a host of virtual machines. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";

/** Steps up from a machine; a longer chain is a mistake. */
const MAX_DEPTH = 20;
const MAX_CHILDREN_LISTED = 200;

/** Sets or, with null, clears the parent. The machine's open incident is decided anew. */
export async function set(
  ctx: MutationCtx,
  {
    member,
    machineId,
    parentMachineId,
  }: { member: Member; machineId: string; parentMachineId: string | null },
): Promise<void> {
  const machine = await Machines.get(ctx, { member, machineId });
  const parent =
    parentMachineId === null
      ? null
      : await Machines.get(ctx, { member, machineId: parentMachineId });
  if (parent !== null) await refuseCircle(ctx, machine._id, parent);
  await ctx.db.patch("machines", machine._id, { parent: parent?._id });
  await Machines.reconsider(ctx, machine);
}

/** The parent and the children of a machine of the caller's. */
export async function of(
  ctx: QueryCtx,
  { member, machineId }: { member: Member; machineId: string },
) {
  const machine = await Machines.find(ctx, { member, machineId });
  if (machine === null) return null;
  const parent = machine.parent && (await ctx.db.get("machines", machine.parent));
  const children = await ctx.db
    .query("machines")
    .withIndex("by_parent", (q) => q.eq("parent", machine._id))
    .take(MAX_CHILDREN_LISTED);
  const isSeen = ({ shelf }: Doc<"machines">) => shelf === undefined;
  return {
    parent: parent && isSeen(parent) ? describe(parent) : null,
    children: children.filter(isSeen).map(describe),
  };
}

async function refuseCircle(
  ctx: QueryCtx,
  machine: Id<"machines">,
  parent: Doc<"machines">,
): Promise<void> {
  let next: Doc<"machines"> | null = parent;
  for (let depth = 0; next !== null && depth < MAX_DEPTH; depth++) {
    if (next._id === machine) refuse("A machine cannot depend on itself.");
    next = next.parent === undefined ? null : await ctx.db.get("machines", next.parent);
  }
  if (next !== null) refuse(`At most ${MAX_DEPTH} machines may depend on each other in a row.`);
}

function refuse(message: string): never {
  return fail({ kind: "invalid", field: "parentMachineId", message });
}

function describe({ machineId, name }: Doc<"machines">) {
  return { machineId, name };
}
