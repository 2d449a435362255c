/** Public functions on the installation itself: what a stranger needs to know before signing in. */
import { v } from "convex/values";
import { publicQuery } from "./functions.ts";
import * as Accounts from "./model/accounts.ts";
import { isDemo, siteUrl } from "./model/settings.ts";

export const status = publicQuery({
  args: {},
  returns: v.object({
    hasOwner: v.boolean(),
    signUpsOpen: v.boolean(),
    siteUrl: v.string(),
    /** Everything in this installation is made up. */
    isDemo: v.boolean(),
  }),
  handler: async (ctx) => ({
    hasOwner: await Accounts.hasOwner(ctx),
    signUpsOpen: await Accounts.canSignUp(ctx),
    siteUrl: siteUrl(),
    isDemo: isDemo(),
  }),
});
