/** Authenticates machines. Secrets come in as SHA-256 only: the secret itself never is a function argument. */
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";

/** No secret has this hash; it stands in for a machine that does not exist, so that both take the same way. */
const NOBODY = "0".repeat(64);

export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Takes the same time wherever the texts differ. */
export function isEqualInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < left.length; index++) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index % Math.max(1, right.length));
  }
  return difference === 0;
}

export type Authentication =
  { kind: "known"; machine: Doc<"machines"> } | { kind: "deleted" } | { kind: "unauthorized" };

/** Missing, malformed, unknown and wrong all end in the same comparison and the same answer. */
export async function authenticate(
  ctx: QueryCtx,
  { machineId, secretHash }: { machineId: string; secretHash: string },
): Promise<Authentication> {
  const machine = await ctx.db
    .query("machines")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .unique();
  const known = machine ?? (await findDeleted(ctx, machineId));
  const isGenuine = isEqualInConstantTime(secretHash, known?.secretHash ?? NOBODY);
  if (!isGenuine || known === null) return { kind: "unauthorized" };
  return machine === null ? { kind: "deleted" } : { kind: "known", machine };
}

export async function findDeleted(
  ctx: QueryCtx,
  machineId: string,
): Promise<Doc<"deletedMachines"> | null> {
  return await ctx.db
    .query("deletedMachines")
    .withIndex("by_machineId", (q) => q.eq("machineId", machineId))
    .unique();
}
