/** Public functions on the installation itself: what a stranger needs to know before signing in. */
import { v } from "convex/values";
import { publicQuery } from "./functions.ts";
import * as Accounts from "./model/accounts.ts";
import { canSendMail, isDemo, signUpPolicy, siteUrl } from "./model/settings.ts";
import { configuredProviders } from "./model/signInProviders.ts";
import { vProviderId, vSignUpPolicy } from "./validators.ts";

/** What the page shows before anybody has signed in. */
export const status = publicQuery({
  args: {},
  returns: v.object({
    hasOwner: v.boolean(),
    /** Whether anybody may make an account now: the first always, others by policy. */
    signUpsOpen: v.boolean(),
    signUps: vSignUpPolicy,
    /** Whether it can send mail: links to reset a password and to verify an address. */
    canSendMail: v.boolean(),
    /** Other ways to sign in than by password, as configured. */
    providers: v.array(v.object({ id: vProviderId, name: v.string() })),
    siteUrl: v.string(),
    /** Everything in this installation is made up. */
    isDemo: v.boolean(),
  }),
  handler: async (ctx) => ({
    hasOwner: await Accounts.hasOwner(ctx),
    signUpsOpen: await Accounts.canSignUp(ctx),
    signUps: signUpPolicy(),
    canSendMail: canSendMail(),
    providers: configuredProviders().map(({ id, name }) => ({ id, name })),
    siteUrl: siteUrl(),
    isDemo: isDemo(),
  }),
});
