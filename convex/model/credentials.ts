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

/** After a rotation a machine has two secrets for a while. */
export type SecretUsed = "current" | "previous";

export type Authentication =
  | { kind: "known"; machine: Doc<"machines">; secretUsed: SecretUsed }
  | { kind: "deleted" }
  | { kind: "unauthorized" };

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
  const isCurrent = isEqualInConstantTime(secretHash, known?.secretHash ?? NOBODY);
  const isPrevious = isEqualInConstantTime(secretHash, previousSecretHash(machine) ?? NOBODY);
  if (!(isCurrent || isPrevious) || known === null) return { kind: "unauthorized" };
  if (machine === null || machine.shelf !== undefined) return { kind: "deleted" };
  return { kind: "known", machine, secretUsed: isCurrent ? "current" : "previous" };
}

/** The old secret's hash while it still works. */
function previousSecretHash(machine: Doc<"machines"> | null): string | undefined {
  const isExpired = (machine?.previousSecretExpiresAt ?? 0) <= Date.now();
  return isExpired ? undefined : machine?.previousSecretHash;
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
