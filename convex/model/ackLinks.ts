/** Acknowledging and snoozing without signing in: by the link or the button of a message, for all incidents in it. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Incidents from "./incidents.ts";
import { linkText } from "./messages.ts";
import * as SigningKeys from "./signingKeys.ts";

/** Incidents of one message that are handled in one transaction; a message about more has a common cause. */
const MAX_INCIDENTS = 500;
const MAX_NAME_LENGTH = 60;

/** What a message is about, for those who have only its link. */
export interface LinkedMessage {
  deliveryId: Id<"deliveries">;
  machineName: string;
  count: number;
  open: number;
  /** Who was first, where all that is open is acknowledged. */
  acknowledgedBy: string | null;
}

/** The message behind a link's token `<delivery>.<signature>`; null where we never made that link. */
export async function find(ctx: QueryCtx, token: string): Promise<Doc<"deliveries"> | null> {
  const [id = "", signature = ""] = token.split(".");
  const isOurs = await SigningKeys.isSigned(ctx, { text: linkText(id), signature });
  const deliveryId = isOurs ? ctx.db.normalizeId("deliveries", id) : null;
  return deliveryId && (await ctx.db.get("deliveries", deliveryId));
}

export async function describe(ctx: QueryCtx, delivery: Doc<"deliveries">): Promise<LinkedMessage> {
  const open = await openIncidents(ctx, delivery);
  const first = open[0]?.acknowledgedBy ?? null;
  const areAll = open.every(({ acknowledgedAt }) => acknowledgedAt !== undefined);
  return {
    deliveryId: delivery._id,
    machineName: delivery.machineName ?? "",
    count: delivery.count,
    open: open.length,
    acknowledgedBy: areAll ? first : null,
  };
}

export type LinkOutcome =
  { kind: "done"; incidents: number } | { kind: "already"; by: string } | { kind: "over" };

/** Acknowledges what is open and nobody has acknowledged. */
export async function acknowledge(
  ctx: MutationCtx,
  { delivery, by, now }: { delivery: Doc<"deliveries">; by: string; now: number },
): Promise<LinkOutcome> {
  const open = await openIncidents(ctx, delivery);
  if (open.length === 0) return { kind: "over" };
  let first: string | null = null;
  let done = 0;
  for (const incident of open) {
    const outcome = await Incidents.acknowledge(ctx, { incident, by: nameOf(by), now });
    if (outcome.kind === "acknowledged") done += 1;
    if (outcome.kind === "already") first ??= outcome.by;
  }
  return done === 0 && first !== null
    ? { kind: "already", by: first }
    : { kind: "done", incidents: done };
}

export async function snooze(
  ctx: MutationCtx,
  {
    delivery,
    durationMs,
    by,
    now,
  }: { delivery: Doc<"deliveries">; durationMs: number; by: string; now: number },
): Promise<LinkOutcome> {
  const open = await openIncidents(ctx, delivery);
  if (open.length === 0) return { kind: "over" };
  for (const incident of open) {
    await Incidents.snooze(ctx, { incident, durationMs, by: nameOf(by), now });
  }
  return { kind: "done", incidents: open.length };
}

/** What people say that they are called, in one short line. */
function nameOf(text: string): string {
  const name = text.replace(/\p{C}+/gu, " ").trim();
  return name.slice(0, MAX_NAME_LENGTH);
}

async function openIncidents(
  ctx: QueryCtx,
  { _id }: Doc<"deliveries">,
): Promise<Doc<"incidents">[]> {
  const notices = await ctx.db
    .query("notices")
    .withIndex("by_deliveryId", (q) => q.eq("deliveryId", _id))
    .take(MAX_INCIDENTS);
  const incidents = await Promise.all(
    notices.map(
      async ({ incidentId }) => incidentId && (await ctx.db.get("incidents", incidentId)),
    ),
  );
  return incidents.filter(
    (incident): incident is Doc<"incidents"> => incident?.closedAt === undefined && !!incident,
  );
}
