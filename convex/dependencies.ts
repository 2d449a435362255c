/** Public functions on what machines depend on: while a parent is down, its children are noted and not told. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as Dependencies from "./model/dependencies.ts";

const vNamed = v.object({ machineId: v.string(), name: v.string() });

/** A machine's parent and children, or null where the caller has no such machine. */
export const of = viewerQuery({
  args: { machineId: v.string() },
  returns: v.union(
    v.object({ parent: v.union(vNamed, v.null()), children: v.array(vNamed) }),
    v.null(),
  ),
  handler: async (ctx, args) => await Dependencies.of(ctx, { member: ctx.member, ...args }),
});

/** Sets or, with null, clears the parent. */
export const set = memberMutation({
  args: { machineId: v.string(), parentMachineId: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Dependencies.set(ctx, { member: ctx.member, ...args });
    return null;
  },
});
