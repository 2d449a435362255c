/** What people write beside an incident: what they found, what they did. Nobody removes what another wrote. */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Incidents from "./incidents.ts";
import { parseLines } from "./texts.ts";

const TEXT_LENGTH = { field: "text", minLength: 1, maxLength: 2_000 };
/** More is a chat, which people have elsewhere. */
const MAX_NOTES = 100;

/** Oldest first; none where the incident is not the member's. */
export async function list(
  ctx: QueryCtx,
  { member, incidentId }: { member: Member; incidentId: Id<"incidents"> },
) {
  const incident = await ctx.db.get("incidents", incidentId);
  if (incident?.workspaceId !== member.workspaceId) return [];
  return (await ofIncident(ctx, incidentId)).map(
    ({ _id, _creationTime, userId, authorName, text }) => ({
      noteId: _id,
      author: authorName,
      isMine: userId === member.user._id,
      text,
      at: _creationTime,
    }),
  );
}

export async function add(
  ctx: MutationCtx,
  { member, incidentId, text }: { member: Member; incidentId: Id<"incidents">; text: string },
): Promise<Id<"incidentNotes">> {
  const { machine } = await Incidents.ofMember(ctx, { member, incidentId });
  if ((await ofIncident(ctx, incidentId)).length >= MAX_NOTES) {
    fail({ kind: "limitReached", message: `An incident can have ${MAX_NOTES} notes.` });
  }
  const { user, workspaceId } = member;
  return await ctx.db.insert("incidentNotes", {
    workspaceId,
    machine,
    incidentId,
    userId: user._id,
    authorName: user.name ?? user.email ?? "",
    text: parseLines(text, TEXT_LENGTH),
  });
}

export async function remove(
  ctx: MutationCtx,
  { member, noteId }: { member: Member; noteId: Id<"incidentNotes"> },
): Promise<void> {
  const note = await ctx.db.get("incidentNotes", noteId);
  if (note?.workspaceId !== member.workspaceId) {
    return fail({ kind: "notFound", message: "There is no such note." });
  }
  if (note.userId !== member.user._id) {
    return fail({ kind: "forbidden", message: "Only its author removes a note." });
  }
  await ctx.db.delete("incidentNotes", noteId);
}

async function ofIncident(
  ctx: QueryCtx,
  incidentId: Id<"incidents">,
): Promise<Doc<"incidentNotes">[]> {
  return await ctx.db
    .query("incidentNotes")
    .withIndex("by_incidentId", (q) => q.eq("incidentId", incidentId))
    .take(MAX_NOTES);
}
