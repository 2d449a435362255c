/** Silences that come one shortly after the other: how many of how many, so that a message can say what is likely. */
import { DEFAULT_GROUP_WINDOW_MS, isMassSilence } from "../../core/grouping.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";

export type Wave = NonNullable<Doc<"fleets">["wave"]>;

/** The wave that one more silence now belongs to, itself counted. Called before the fleet's counts are moved. */
export function joined(fleet: Pick<Doc<"fleets">, "wave" | "online"> | null, now: number): Wave {
  const wave = fleet?.wave;
  if (wave !== undefined && now - wave.lastAt <= DEFAULT_GROUP_WINDOW_MS) {
    return { ...wave, lastAt: now, silent: wave.silent + 1 };
  }
  return { startedAt: now, lastAt: now, silent: 1, watched: fleet?.online ?? 1 };
}

export async function fleetOf(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"fleets"> | null> {
  return await ctx.db
    .query("fleets")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .unique();
}

/** Stores the wave and moves the count of those online by as many as it took. */
export async function keep(
  ctx: MutationCtx,
  workspaceId: Id<"workspaces">,
  { wave, online }: { wave: Wave; online: number },
): Promise<void> {
  const fleet = await fleetOf(ctx, workspaceId);
  if (fleet === null) return;
  await ctx.db.patch("fleets", fleet._id, { wave, online: fleet.online + online });
}

/** How many of how many, where the wave is most of the fleet; else undefined. */
export function massSilence(
  wave: Wave | undefined,
): { silent: number; watched: number } | undefined {
  if (wave === undefined || !isMassSilence(wave)) return undefined;
  return { silent: wave.silent, watched: wave.watched };
}
