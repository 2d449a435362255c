/** Public functions on what people write beside an incident. */
import { v } from "convex/values";
import { memberMutation, viewerQuery } from "./functions.ts";
import * as IncidentNotes from "./model/incidentNotes.ts";

const vNoteId = v.id("incidentNotes");

/** Oldest first; none of others' incidents. `at` in ms since 1970. */
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

/** 1 to 2,000 characters; at most 100 an incident (limitReached). */
export const add = memberMutation({
  args: { incidentId: v.id("incidents"), text: v.string() },
  returns: v.object({ noteId: vNoteId }),
  handler: async (ctx, args) => ({
    noteId: await IncidentNotes.add(ctx, { member: ctx.member, ...args }),
  }),
});

/** One's own (else forbidden). */
export const remove = memberMutation({
  args: { noteId: vNoteId },
  returns: v.null(),
  handler: async (ctx, args) => {
    await IncidentNotes.remove(ctx, { member: ctx.member, ...args });
    return null;
  },
});
