/** The monitor's own heartbeat: an address of the workspace's choice hears from us while the sweep does its work. */
import { isPrivateHost } from "../../core/addresses.ts";
import { MINUTE } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { SendOutcome } from "../validators.ts";
import { fail } from "./fail.ts";
import { arePrivateAddressesAllowed } from "./settings.ts";

/** Services that watch heartbeats think in minutes. */
const EVERY_MS = MINUTE;
/** Addresses pinged after one sweep; the next sweep takes the rest. */
const BATCH = 20;
/** One a workspace: enough for every installation on one machine. */
const MAX_PULLED_BACK = 1_000;
const MAX_URL_LENGTH = 2_048;

/** Sets or, with null, clears the address. */
export async function set(
  ctx: MutationCtx,
  { workspaceId, url, now }: { workspaceId: Id<"workspaces">; url: string | null; now: number },
): Promise<void> {
  const existing = await find(ctx, workspaceId);
  if (existing !== null) await ctx.db.delete("selfHeartbeats", existing._id);
  if (url === null) return;
  await ctx.db.insert("selfHeartbeats", { workspaceId, url: parseUrl(url), dueAt: now });
}

/** After a sweep that went well: pings whoever is due. */
export async function pingDue(ctx: MutationCtx, now: number): Promise<void> {
  const due = await ctx.db
    .query("selfHeartbeats")
    .withIndex("by_dueAt", (q) => q.lte("dueAt", now))
    .take(BATCH);
  for (const { _id, url } of due) {
    await ctx.db.patch("selfHeartbeats", _id, { dueAt: now + EVERY_MS });
    await ctx.scheduler.runAfter(0, internal.notifiers.selfHeartbeat.ping, {
      selfHeartbeatId: _id,
      url,
    });
  }
}

/** After the clock went back: those that it would keep waiting are due now. */
export async function pullBack(ctx: MutationCtx, now: number): Promise<void> {
  const late = await ctx.db
    .query("selfHeartbeats")
    .withIndex("by_dueAt", (q) => q.gt("dueAt", now + EVERY_MS))
    .take(MAX_PULLED_BACK);
  for (const { _id } of late) await ctx.db.patch("selfHeartbeats", _id, { dueAt: now });
}

export async function record(
  ctx: MutationCtx,
  {
    selfHeartbeatId,
    outcome,
    now,
  }: { selfHeartbeatId: Id<"selfHeartbeats">; outcome: SendOutcome; now: number },
): Promise<void> {
  if ((await ctx.db.get("selfHeartbeats", selfHeartbeatId)) === null) return;
  await ctx.db.patch("selfHeartbeats", selfHeartbeatId, {
    lastAt: now,
    ...(outcome.kind === "delivered"
      ? { lastSuccessAt: now, lastError: undefined }
      : { lastError: outcome.error }),
  });
}

/** For the page: where it goes without its path, which is often a secret. */
export async function describe(ctx: QueryCtx, workspaceId: Id<"workspaces">) {
  const row = await find(ctx, workspaceId);
  return (
    row && {
      target: new URL(row.url).origin,
      lastAt: row.lastAt ?? null,
      lastSuccessAt: row.lastSuccessAt ?? null,
      lastError: row.lastError ?? null,
    }
  );
}

async function find(
  ctx: QueryCtx,
  workspaceId: Id<"workspaces">,
): Promise<Doc<"selfHeartbeats"> | null> {
  return await ctx.db
    .query("selfHeartbeats")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .unique();
}

function parseUrl(text: string): string {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuse("must be an http:// or https:// address");
  }
  if (!arePrivateAddressesAllowed() && isPrivateHost(url.hostname)) {
    return refuse("must be a public address: this one is private, loopback or reserved");
  }
  return url.href;
}

function refuse(must: string): never {
  return fail({ kind: "invalid", field: "url", message: `The address ${must}.` });
}
