/** What the sign-in action asks the database; the action itself is in auth.ts. */
import { v } from "convex/values";
import { internalQuery } from "./functions.ts";
import * as Accounts from "./model/accounts.ts";
import * as Passwords from "./model/passwords.ts";

/** How to hash the password typed for this address: as its account does, or as a decoy would. */
export const hashParameters = internalQuery({
  args: { email: v.string() },
  returns: v.object({ iterations: v.number(), salt: v.string() }),
  handler: async (ctx, { email }) => {
    const secret = await Accounts.findSecret(ctx, email);
    const parameters = secret === null ? null : Passwords.parametersOf(secret);
    return parameters ?? (await Passwords.decoyParameters(email));
  },
});

/** Before a new account is hashed for: whether one may be made, and whether the address is free. */
export const signUpOptions = internalQuery({
  args: { email: v.string() },
  returns: v.object({ isAllowed: v.boolean(), isTaken: v.boolean() }),
  handler: async (ctx, { email }) => ({
    isAllowed: await Accounts.canSignUp(ctx),
    isTaken: (await Accounts.findSecret(ctx, email)) !== null,
  }),
});
