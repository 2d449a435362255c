/** What a machine was when, for uptime, bars and timelines: its status changes with exclusions laid over them. */
import { conditionOf, overlay, segmentsOf, type Segment } from "../../core/uptime.ts";
import type { Interval } from "../../core/silences.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Exclusions } from "./exclusions.ts";
import * as StatusChanges from "./statusChanges.ts";

/** A machine that changes more often within one call is known from its latest changes on. */
const MAX_CHANGES = 1_000;

/** In ascending order, without holes, from `from` to `to`. */
export async function of(
  ctx: QueryCtx,
  {
    machine,
    exclusions,
    ...stretch
  }: { machine: Doc<"machines">; exclusions: Exclusions } & Interval,
): Promise<Segment[]> {
  const plain = await plainOf(ctx, machine, stretch);
  const known = overlay(plain, await exclusions.outages(), "unknown");
  const isDown = (condition: Segment["condition"]) => condition === "down";
  if (!known.some(({ condition }) => isDown(condition))) return known;
  return overlay(known, await exclusions.maintenanceOf(machine), "maintenance", isDown);
}

async function plainOf(
  ctx: QueryCtx,
  machine: Doc<"machines">,
  stretch: Interval,
): Promise<Segment[]> {
  const limit = MAX_CHANGES;
  const changes = await StatusChanges.within(ctx, { machine: machine._id, ...stretch, limit });
  if (changes.length === limit) return segmentsOf("unknown", changes, stretch);
  const { reason } = await StatusChanges.statusAt(ctx, machine._id, stretch.from);
  return segmentsOf(reason === null ? "unknown" : conditionOf(reason), changes, stretch);
}
