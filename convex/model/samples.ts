/** Samples: one row per heartbeat, written on the hot path and read by charts. Rollups of them are in rollups.ts. */
import type { Heartbeat } from "../../core/agentApi.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import * as LateSpans from "./lateSpans.ts";
import { keepSamplesMs } from "./retention.ts";

/** One sample per heartbeat of a request, oldest first: buffered ones at their own time, the last at its receipt. */
export async function keep(
  ctx: MutationCtx,
  { pulse, heartbeats, now }: { pulse: Doc<"pulses">; heartbeats: Heartbeat[]; now: number },
): Promise<void> {
  const { machine } = pulse;
  if (heartbeats.length > 1) {
    const oldestAt = now - keepSamplesMs();
    const ats: number[] = [];
    for (const buffered of heartbeats.slice(0, -1)) {
      const at = Math.min(buffered.timestamp ?? now, now);
      if (at < oldestAt || isRepeated(pulse, buffered)) continue;
      await ctx.db.insert("samples", { machine, at, ...numbersOf(buffered) });
      ats.push(at);
    }
    await LateSpans.record(ctx, { machine, ats, now });
  }
  await ctx.db.insert("samples", { machine, at: now, ...numbersOf(heartbeats.at(-1)) });
}

/** What charts draw: the list of disks is in the pulse only. */
function numbersOf(heartbeat: Heartbeat | undefined) {
  const { disks: _disks, ...numbers } = heartbeat?.metrics ?? {};
  return numbers;
}

/** A batch whose answer was lost comes again: what the last request of the same boot covered is not kept twice. */
function isRepeated(pulse: Doc<"pulses">, { bootId, sequence }: Heartbeat): boolean {
  return (
    bootId !== undefined &&
    bootId === pulse.bootId &&
    sequence !== undefined &&
    pulse.sequence !== undefined &&
    sequence <= pulse.sequence
  );
}
