/**
 * GET and POST /a/<token>: the page behind the link of a message. Looking changes nothing, since chat programs open
 * links by themselves; the button does. No sign-in: whoever has the message may act on it.
 */
import { v, type Infer } from "convex/values";
import { HOUR } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import { httpAction, internalMutation, internalQuery } from "../functions.ts";
import * as AckLinks from "../model/ackLinks.ts";
import { linkPage, type LinkPage } from "./page.ts";

export const ACKNOWLEDGE_PREFIX = "/a/";
const SNOOZE_MS = HOUR;
/** A form with a name in it; more is no form of ours. */
const MAX_FORM_BYTES = 4_096;
const ANONYMOUS = "somebody with the link";

export const show = httpAction(async (ctx, request) => {
  const token = tokenOf(request);
  const message = await ctx.runQuery(internal.links.acknowledge.read, { token });
  return message === null ? linkPage({ kind: "unknown" }) : linkPage(pageOf(message));
});

export const act = httpAction(async (ctx, request) => {
  const token = tokenOf(request);
  const form = await formOf(request);
  if (form === null) return linkPage({ kind: "unknown" });
  const by = form.get("name")?.trim() || ANONYMOUS;
  const action = form.get("action") === "snooze" ? ("snooze" as const) : ("acknowledge" as const);
  const outcome = await ctx.runMutation(internal.links.acknowledge.record, { token, action, by });
  return linkPage(outcome);
});

const vMessage = v.object({
  deliveryId: v.id("deliveries"),
  machineName: v.string(),
  count: v.number(),
  open: v.number(),
  acknowledgedBy: v.union(v.string(), v.null()),
});

export const read = internalQuery({
  args: { token: v.string() },
  returns: v.union(vMessage, v.null()),
  handler: async (ctx, { token }) => {
    const delivery = await AckLinks.find(ctx, token);
    return delivery && (await AckLinks.describe(ctx, delivery));
  },
});

const vOutcome = v.union(
  v.object({ kind: v.literal("done"), what: v.string() }),
  v.object({ kind: v.literal("already"), by: v.string() }),
  v.object({ kind: v.literal("over") }),
  v.object({ kind: v.literal("unknown") }),
);

export const record = internalMutation({
  args: {
    token: v.string(),
    action: v.union(v.literal("acknowledge"), v.literal("snooze")),
    by: v.string(),
  },
  returns: vOutcome,
  handler: async (ctx, { token, action, by }): Promise<Infer<typeof vOutcome>> => {
    const delivery = await AckLinks.find(ctx, token);
    if (delivery === null) return { kind: "unknown" };
    const now = Date.now();
    const outcome =
      action === "snooze"
        ? await AckLinks.snooze(ctx, { delivery, durationMs: SNOOZE_MS, by, now })
        : await AckLinks.acknowledge(ctx, { delivery, by, now });
    if (outcome.kind !== "done") return outcome;
    return { kind: "done", what: action === "snooze" ? "Snoozed for one hour." : "Acknowledged." };
  },
});

function pageOf({ machineName, count, open, acknowledgedBy }: Infer<typeof vMessage>): LinkPage {
  if (open === 0) return { kind: "over" };
  if (acknowledgedBy !== null) return { kind: "already", by: acknowledgedBy };
  return { kind: "ask", machineName, count };
}

function tokenOf(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.slice(pathname.indexOf(ACKNOWLEDGE_PREFIX) + ACKNOWLEDGE_PREFIX.length);
}

async function formOf(request: Request): Promise<URLSearchParams | null> {
  const text = await request.text();
  return text.length <= MAX_FORM_BYTES ? new URLSearchParams(text) : null;
}
