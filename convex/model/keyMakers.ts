/**
 * Who made a workspace's keys. Keys belong to the workspace: scripts and images must not stop because a person leaves.
 * So they stay, and whoever may revoke them is told whose they are.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { KeyMaker } from "../validators.ts";
import { membershipIn } from "./access.ts";
import * as ApiKeys from "./apiKeys.ts";
import * as Enrolment from "./enrolment.ts";

type Key = Doc<"apiKeys"> | Doc<"enrolmentKeys">;

/** Each key with its maker, in the same order; each person is read once. */
export async function withMakers<AnyKey extends Key>(
  ctx: QueryCtx,
  keys: AnyKey[],
): Promise<[AnyKey, KeyMaker][]> {
  const makers = new Map<string, Promise<KeyMaker>>();
  return await Promise.all(
    keys.map(async (key): Promise<[AnyKey, KeyMaker]> => {
      const maker = makers.get(key.createdBy) ?? makerOf(ctx, key);
      makers.set(key.createdBy, maker);
      return [key, await maker];
    }),
  );
}

/** Keys of both kinds that somebody made in a workspace and that are valid at a moment (ms). */
export async function countValid(
  ctx: QueryCtx,
  { workspaceId, userId, now }: { workspaceId: Id<"workspaces">; userId: Id<"users">; now: number },
): Promise<number> {
  const keys: Key[] = [
    ...(await ApiKeys.ofWorkspace(ctx, workspaceId)),
    ...(await Enrolment.keysOf(ctx, workspaceId)),
  ];
  return keys.filter(
    ({ createdBy, expiresAt }) => createdBy === userId && (expiresAt ?? Infinity) > now,
  ).length;
}

async function makerOf(ctx: QueryCtx, { workspaceId, createdBy: userId }: Key): Promise<KeyMaker> {
  const user = await ctx.db.get("users", userId);
  const membership = await membershipIn(ctx, { userId, workspaceId });
  return { userId, name: user?.name ?? user?.email ?? "", role: membership?.role ?? null };
}
