/** Samples that came out of a buffer after their bucket was made: which buckets to make anew. */
import { bucketStart, resolutions } from "../../core/rollup.ts";
import { DAY, HOUR } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as Rollups from "./rollups.ts";

const FIVE_MINUTES = resolutions["5m"].bucketMs;
/** An hour of buckets, and the hour itself, is what one transaction makes anew. */
const PIECE_MS = HOUR;

/** Remembers that samples of the past were kept, unless the coming pass will see them anyway. */
export async function record(
  ctx: MutationCtx,
  { machine, ats, now }: { machine: Id<"machines">; ats: number[]; now: number },
): Promise<void> {
  const oldest = Math.min(...ats);
  if (ats.length === 0 || oldest >= bucketStart(now, FIVE_MINUTES)) return;
  await ctx.db.insert("lateSpans", { machine, from: oldest, to: Math.max(...ats) });
}

/** Makes one piece of one span anew. False where there is none. Buckets from `doneUntil` on are made by the passes. */
export async function remakeNext(ctx: MutationCtx, doneUntil: number): Promise<boolean> {
  const span = await ctx.db.query("lateSpans").first();
  if (span === null) return false;
  const machine = await ctx.db.get("machines", span.machine);
  if (machine === null || span.from >= doneUntil) {
    await ctx.db.delete("lateSpans", span._id);
    return true;
  }
  await remakePiece(ctx, { machine, span, doneUntil });
  return true;
}

async function remakePiece(
  ctx: MutationCtx,
  {
    machine,
    span,
    doneUntil,
  }: { machine: Doc<"machines">; span: Doc<"lateSpans">; doneUntil: number },
): Promise<void> {
  const hour = bucketStart(span.from, HOUR);
  const pieceEnd = Math.min(hour + PIECE_MS, doneUntil);
  const touched = Rollups.bucketsAround(span);
  await Rollups.remake(ctx, { machine, from: touched.from, to: Math.min(touched.to, pieceEnd) });
  const day = bucketStart(hour, DAY);
  const _id = machine._id;
  if (hour + HOUR <= doneUntil)
    await Rollups.merge(ctx, { machine: _id, resolution: "1h", at: hour });
  if (day + DAY <= doneUntil) await Rollups.merge(ctx, { machine: _id, resolution: "1d", at: day });
  if (span.to >= pieceEnd) await ctx.db.patch("lateSpans", span._id, { from: pieceEnd });
  else await ctx.db.delete("lateSpans", span._id);
}
