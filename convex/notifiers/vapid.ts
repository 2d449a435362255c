"use node";
/** Makes the key pair by which push services know this installation: Convex's own runtime cannot. */
import { v } from "convex/values";
import { generateVAPIDKeys } from "web-push";
import { internal } from "../_generated/api.js";
import { internalAction } from "../functions.ts";

/** The public key that is in force: of two that are made at the same time the first. */
export const make = internalAction({
  args: {},
  returns: v.string(),
  handler: async (ctx): Promise<string> =>
    await ctx.runMutation(internal.jobs.push.keepKeys, generateVAPIDKeys()),
});
