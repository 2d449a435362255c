/** Public functions on what people write beside an incident. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as IncidentNotes from "./model/incidentNotes.ts";

const vNoteId = v.id("incidentNotes");

/** Oldest first. */
export const list = viewerQuery({
  args: { incidentId: v.id("incidents") },
  returns: v.array(
    v.object({
      noteId: vNoteId,
      author: v.string(),
      isMine: v.boolean(),
      text: v.string(),
      at: v.number(),
    }),
  ),
  handler: async (ctx, args) => await IncidentNotes.list(ctx, { member: ctx.member, ...args }),
});

export const add = memberMutation({
  args: { incidentId: v.id("incidents"), text: v.string() },
  returns: v.object({ noteId: vNoteId }),
  handler: async (ctx, args) => ({
    noteId: await IncidentNotes.add(ctx, { member: ctx.member, ...args }),
  }),
});

/** One's own. */
export const remove = memberMutation({
  args: { noteId: vNoteId },
  returns: v.null(),
  handler: async (ctx, args) => {
    await IncidentNotes.remove(ctx, { member: ctx.member, ...args });
    return null;
  },
});
