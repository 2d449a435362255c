"use node";
/** Makes one attempt to deliver a message and reports how it ended. Runs in Node, where the connection can be pinned. */
import { v } from "convex/values";
import { internal } from "../_generated/api.js";
import { internalAction } from "../functions.ts";
import type { Vapid } from "../model/vapidKeys.ts";
import type { SendOutcome } from "../validators.ts";
import { sendMail } from "./mail.ts";
import type { OutboundRequest } from "./notifier.ts";
import { outboundFetch } from "./outboundFetch.ts";
import { sendPush } from "./push.ts";
import { requestsFor } from "./registry.ts";

/** What an empty list of requests counts as: there was nothing to say. */
const NOTHING_TO_SAY: SendOutcome = { kind: "delivered", responseStatus: 204, latencyMs: 0 };

export const send = internalAction({
  args: { deliveryId: v.id("deliveries"), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const wanted = await ctx.runQuery(internal.jobs.notify.forAttempt, args);
    if (wanted === null) return null;
    const { kind, config, message, vapid } = wanted;
    const outcome = await sendAll(
      async () => await requestsFor({ kind, config }, message, Date.now()),
      vapid,
    );
    await ctx.runMutation(internal.jobs.notify.settle, { ...args, outcome });
    return null;
  },
});

/** One after the other, until one is not taken; the next attempt begins again, since each may be repeated. */
async function sendAll(
  build: () => Promise<OutboundRequest[]>,
  vapid: Vapid | null,
): Promise<SendOutcome> {
  let outcome = NOTHING_TO_SAY;
  const requests = await build().catch(cannotBuild);
  if (!Array.isArray(requests)) return requests;
  for (const request of requests) {
    outcome = await sendOne(request, vapid).catch(cannotBuild);
    if (outcome.kind !== "delivered") break;
  }
  return outcome;
}

async function sendOne(request: OutboundRequest, vapid: Vapid | null): Promise<SendOutcome> {
  switch (request.transport) {
    case "http":
      return await outboundFetch(request);
    case "smtp":
      return await sendMail(request);
    case "push":
      if (vapid === null) throw new Error("There is no key to send web push with.");
      return await sendPush(request, vapid);
    default:
      return request satisfies never;
  }
}

function cannotBuild(error: unknown): SendOutcome {
  console.error("a message could not be built:", error);
  return {
    kind: "failed",
    isRetryable: false,
    error: "The channel's settings cannot be used. Open it and save it again.",
    responseStatus: null,
    latencyMs: null,
    retryAfterMs: null,
  };
}
