/** Which other machines were silent when an incident began: a cause that they share is likelier than many of their own. */
import { MINUTE } from "../../core/time.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";

/** Machines with the same trouble are not noticed in the same second. */
const SLACK_MS = 2 * MINUTE;
/** An incident is written when the sweep ran, after the deadline at which it began. */
const MAX_DELAY_MS = 15 * MINUTE;
/** Incidents looked at, and told of. */
const MAX_LOOKED_AT = 300;
const MAX_TOLD = 100;

/** Of the same workspace, those that began soonest before or after first; null where the incident is not the member's. */
export async function of(
  ctx: QueryCtx,
  { member, incidentId }: { member: Pick<Member, "workspaceId">; incidentId: Id<"incidents"> },
): Promise<Doc<"incidents">[] | null> {
  const incident = await ctx.db.get("incidents", incidentId);
  if (incident?.workspaceId !== member.workspaceId) return null;
  const { openedAt } = incident;
  const distance = (other: Doc<"incidents">) => Math.abs(other.openedAt - openedAt);
  return (await candidates(ctx, incident))
    .filter((other) => other.machine !== incident.machine)
    .filter((other) => other.openedAt <= openedAt + SLACK_MS)
    .filter((other) => (other.closedAt ?? Infinity) > openedAt)
    .sort((left, right) => distance(left) - distance(right))
    .slice(0, MAX_TOLD);
}

/** Those written before or soon after it, the latest first, and those that are still open however old. */
async function candidates(
  ctx: QueryCtx,
  { workspaceId, openedAt }: Doc<"incidents">,
): Promise<Doc<"incidents">[]> {
  const around = await ctx.db
    .query("incidents")
    .withIndex("by_workspaceId", (q) =>
      q.eq("workspaceId", workspaceId).lt("_creationTime", openedAt + MAX_DELAY_MS),
    )
    .order("desc")
    .take(MAX_LOOKED_AT);
  const open = await ctx.db
    .query("incidents")
    .withIndex("by_closedAt_and_workspaceId_and_wave", (q) =>
      q.eq("closedAt", undefined).eq("workspaceId", workspaceId),
    )
    .take(MAX_LOOKED_AT);
  return [...new Map([...around, ...open].map((row) => [row._id, row])).values()];
}
