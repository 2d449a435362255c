"use node";
/** Sends the links that verify an address and reset a password, through the installation's own mail server. */
import { v } from "convex/values";
import { accountMail } from "../../core/accountMail.ts";
import { internalAction } from "../functions.ts";
import { sha256Hex } from "../model/credentials.ts";
import { pageUrl, smtpUrl } from "../model/settings.ts";
import { vCodePurpose } from "../validators.ts";
import { accountOf, messageIdOf } from "./email.ts";
import { sendMail } from "./mail.ts";

const pages = { verify: "verify-email", reset: "reset-password" };

/** The code goes into the fragment of the link: no server on the way writes it into a log. */
export const send = internalAction({
  args: { to: v.string(), purpose: vCodePurpose, code: v.string(), language: v.string() },
  returns: v.null(),
  handler: async (_ctx, { to, purpose, code, language }) => {
    const [server, page] = [smtpUrl(), pageUrl()];
    if (server === null || page === null) return null;
    const outcome = await sendMail({
      transport: "smtp",
      server,
      isGuarded: false,
      from: accountOf(server),
      to: [to],
      ...accountMail(purpose, { language, link: `${page}/${pages[purpose]}#${code}` }),
      messageId: messageIdOf((await sha256Hex(code)).slice(0, 32)),
      inReplyTo: null,
    });
    if (outcome.kind !== "delivered")
      console.error(`a mail to ${purpose} was not sent:`, outcome.error);
    return null;
  },
});
