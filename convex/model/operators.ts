/**
 * What operators ask of a whole fleet: who is active, who was alive, which versions run, what a word is found in. One
 * page at a time, by machine id; a page reads a bounded number of rows, however large the fleet is.
 */
import type { PaginationOptions, PaginationResult } from "convex/server";
import { mergeVersionCounts, type VersionCount } from "../../core/versionCounts.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { fail } from "./fail.ts";
import { bounded } from "./paging.ts";
import * as Pulses from "./pulses.ts";

/** Each machine of a page costs a few more reads. */
const MAX_PAGE = 500;
/** Between two changes to online there are a few at most: a silence, a goodbye, a decision of people. */
const MAX_CHANGES = 8;
const MAX_SEARCH_LENGTH = 200;

interface Page {
  workspaceId: Id<"workspaces">;
  paginationOpts: PaginationOptions;
}

/** Machines heard at or after a time (ms since 1970), exact to the last heartbeat (S0.5). */
export async function active(
  ctx: QueryCtx,
  { activeSince, ...page }: Page & { activeSince: number },
) {
  return await pageOf(ctx, page, { shelves: false }, async (machine) => {
    const { lastHeartbeatAt } = await Pulses.get(ctx, machine._id);
    if (lastHeartbeatAt === undefined || lastHeartbeatAt < activeSince) return null;
    return { ...identityOf(machine), lastHeartbeatAt };
  });
}

/**
 * Machines that were online at some moment from `from` to `to` (S0.7), with the version that they ran then. With both
 * the same, the fleet as it was at that moment. Archived and deleted machines had their time too.
 */
export async function aliveBetween(
  ctx: QueryCtx,
  { from, to, ...page }: Page & { from: number; to: number },
) {
  if (!(from <= to)) {
    fail({ kind: "invalid", field: "from", message: "from must not be later than to." });
  }
  return await pageOf(ctx, page, { shelves: true }, async (machine) => {
    const alive = await lastTimeAlive(ctx, machine, { from, to });
    if (alive === null) return null;
    const { version } = machine;
    return { ...identityOf(machine), version: alive.version ?? version ?? null };
  });
}

/** The versions of one page of machines: add the pages up with core/versionCounts (S0.7). */
export async function versions(ctx: QueryCtx, page: Page) {
  const machines = await pageOf(
    ctx,
    page,
    { shelves: false },
    async ({ _id, version }): Promise<VersionCount> => {
      const { lastHeartbeatAt } = await Pulses.get(ctx, _id);
      return {
        version: version ?? null,
        machines: 1,
        lastHeartbeatAt: lastHeartbeatAt ?? null,
      };
    },
  );
  return { ...machines, page: mergeVersionCounts(machines.page) };
}

/** Machines with a text in anything that they or people said of them: name, tags, host, address, metadata … */
export async function search(ctx: QueryCtx, { text, ...page }: Page & { text: string }) {
  const wanted = text.trim().toLowerCase();
  if (wanted === "" || wanted.length > MAX_SEARCH_LENGTH) {
    const message = `Search for 1 to ${MAX_SEARCH_LENGTH} characters.`;
    fail({ kind: "invalid", field: "text", message });
  }
  return await pageOf(ctx, page, { shelves: false }, async (machine) => {
    const place = placesOf(machine).find(([, value]) => value?.toLowerCase().includes(wanted));
    return place === undefined ? null : { ...identityOf(machine), foundIn: place[0] };
  });
}

async function pageOf<Row>(
  ctx: QueryCtx,
  { workspaceId, paginationOpts }: Page,
  { shelves }: { shelves: boolean },
  describe: (machine: Doc<"machines">) => Promise<Row | null>,
): Promise<PaginationResult<Row>> {
  const result = await ctx.db
    .query("machines")
    .withIndex("by_workspaceId_and_shelf_and_machineId", (q) => {
      const all = q.eq("workspaceId", workspaceId);
      return shelves ? all : all.eq("shelf", undefined);
    })
    .paginate(bounded(paginationOpts, MAX_PAGE));
  const rows = await Promise.all(result.page.map(describe));
  return { ...result, page: rows.filter((row) => row !== null) };
}

/** The change that made it so: the last one to online up to `to`, if it was still online at or after `from`. */
async function lastTimeAlive(
  ctx: QueryCtx,
  { _id }: Doc<"machines">,
  { from, to }: { from: number; to: number },
): Promise<Doc<"statusChanges"> | null> {
  const changes = await ctx.db
    .query("statusChanges")
    .withIndex("by_machine_and_at", (q) => q.eq("machine", _id).lte("at", to))
    .order("desc")
    .take(MAX_CHANGES);
  const online = changes.find((change) => change.to === "online");
  if (online === undefined) return null;
  const end = changes.filter(({ at, to }) => to === "offline" && at >= online.at).at(-1);
  return end === undefined || end.at > from ? online : null;
}

function identityOf({ machineId, name, hostname, tags, version }: Doc<"machines">) {
  return { machineId, name, hostname: hostname ?? null, tags, version: version ?? null };
}

function placesOf(machine: Doc<"machines">): [string, string | undefined][] {
  const { capacity } = machine;
  return [
    ["name", machine.name],
    ["machineId", machine.machineId],
    ["tags", machine.tags.join("\n")],
    ["description", machine.description],
    ["hostname", machine.hostname],
    ["ipAddress", machine.ipAddress],
    ["os", machine.os],
    ["arch", machine.arch],
    ["version", machine.version],
    ["rootDirectory", machine.rootDirectory],
    ["instanceId", machine.instanceId],
    ["metadata", machine.metadata],
    ["capacity", capacity && JSON.stringify(capacity)],
  ];
}
