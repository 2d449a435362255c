/** Tells actions who calls them: they have no database to look that up in. */
import { v } from "convex/values";
import { internalQuery } from "../functions.ts";
import * as Access from "../model/access.ts";
import * as Accounts from "../model/accounts.ts";

/** Null for a stranger. */
export const find = internalQuery({
  args: {},
  returns: v.union(
    v.null(),
    v.object({
      userId: v.id("users"),
      sessionId: v.id("authSessions"),
      email: v.string(),
      hasPassword: v.boolean(),
    }),
  ),
  handler: async (ctx): Promise<Access.Caller | null> => {
    const user = await Access.currentUser(ctx);
    const session = await Access.currentSession(ctx);
    if (user === null || session === null) return null;
    const { email, hasPassword } = await Accounts.describe(ctx, user);
    return { userId: user._id, sessionId: session._id, email, hasPassword };
  },
});
