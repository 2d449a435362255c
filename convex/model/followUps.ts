/** Looking at open incidents again when their time has come: reminders, escalation, ends of suppressions, calm. */
import { CALM_MS } from "../../core/flapping.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { Desk } from "./desk.ts";
import * as Incidents from "./incidents.ts";
import * as Notifications from "./notifications.ts";
import { timingFor } from "./settings.ts";
import * as Statuses from "./statuses.ts";

/** Incidents of one parent that are woken in one transaction. */
const BATCH = 100;

/** Decides one incident anew. */
export async function run(desk: Desk, incidentId: Id<"incidents">): Promise<void> {
  const { ctx, now } = desk;
  const incident = await ctx.db.get("incidents", incidentId);
  if (incident?.followUpAt === undefined || incident.followUpAt > now) return;
  const machine = await ctx.db.get("machines", incident.machine);
  const isOver = incident.closedAt !== undefined || machine === null;
  await ctx.db.patch("incidents", incidentId, { followUpAt: undefined });
  if (isOver) return;
  const status = await Statuses.get(ctx, machine);
  if (status.incidentId !== incidentId) return;
  const subject = { incident, machine, lastSeenAt: status.lastSeenAt };
  const calmAt = status.since + CALM_MS;
  switch (status.reason) {
    case "heartbeat":
      if (incident.isFlapping !== true) return;
      if (calmAt > now) await Incidents.lookAgainAt(ctx, incidentId, calmAt);
      else await Statuses.calmDown(desk, { ...subject, at: now });
      return;
    case "silence":
      await followSilence(desk, { ...subject, calmAt });
      return;
    case "waiting":
    case "shutdown":
    case "reboot":
    case "upgrade":
      // Nobody expects the machine: silence about it is what its people asked for.
      return;
    default:
      status.reason satisfies never;
  }
}

/** Wakes the incidents that a machine explained or held up; each waits as long as its own machine may be silent. */
export async function unblock(
  ctx: MutationCtx,
  parent: Id<"machines">,
  now: number,
): Promise<{ isMoreLeft: boolean }> {
  const blocked = await ctx.db
    .query("incidents")
    .withIndex("by_blockedBy", (q) => q.eq("blockedBy", parent))
    .take(BATCH);
  for (const incident of blocked) {
    const machine = await ctx.db.get("machines", incident.machine);
    const graceMs = machine === null ? 0 : timingFor(machine).offlineThresholdMs;
    await ctx.db.patch("incidents", incident._id, {
      blockedBy: undefined,
      ...(incident.closedAt === undefined ? { followUpAt: now + graceMs } : {}),
    });
  }
  return { isMoreLeft: blocked.length === BATCH };
}

/** A flapping machine that stays silent is dead: then it is told as such, like any other. */
async function followSilence(
  desk: Desk,
  { calmAt, ...subject }: Notifications.Subject & { calmAt: number },
): Promise<void> {
  const { ctx, now } = desk;
  const { incident } = subject;
  if (incident.isFlapping !== true) {
    await Notifications.decide(desk, { ...subject, event: "machine.offline" });
    return;
  }
  if (calmAt > now) {
    await Notifications.decide(desk, { ...subject, event: "machine.flapping" });
    await Incidents.lookAgainAt(ctx, incident._id, calmAt);
    return;
  }
  await ctx.db.patch("incidents", incident._id, { isFlapping: undefined });
  const settled: Doc<"incidents"> = { ...incident, isFlapping: undefined };
  const event = "machine.offline" as const;
  await Notifications.decide(desk, { ...subject, incident: settled, event, isAnew: true });
}
