/** Status pages as people of the workspace make them. What the public sees of them is in publicStatus.ts. */
import { nanoid } from "nanoid";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { Member } from "./access.ts";
import { fail } from "./fail.ts";
import * as Machines from "./machines.ts";
import * as PublicStatus from "./publicStatus.ts";
import { parseDescription, parseName } from "./texts.ts";

const MAX_PAGES = 20;
const ITEM_ID_LENGTH = 12;
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/;

interface PageSettings {
  slug?: string;
  title?: string;
  description?: string;
  isPublished?: boolean;
}

type OfMember<T = object> = T & { member: Member; statusPageId: Id<"statusPages"> };

export async function list(ctx: QueryCtx, { workspaceId }: Member) {
  const pages = await ctx.db
    .query("statusPages")
    .withIndex("by_workspaceId", (q) => q.eq("workspaceId", workspaceId))
    .take(MAX_PAGES);
  return pages.map(({ _id: statusPageId, slug, title, isPublished }) => ({
    statusPageId,
    slug,
    title,
    isPublished,
  }));
}

/** The page with its items, by the machines that they show, and its announcements; null where it is not the member's. */
export async function get(ctx: QueryCtx, { member, statusPageId }: OfMember) {
  const page = await ctx.db.get("statusPages", statusPageId);
  if (page?.workspaceId !== member.workspaceId) return null;
  const { slug, title, description, isPublished } = page;
  const items = await PublicStatus.itemsOf(ctx, statusPageId);
  const rows = items.map(async ({ machine, itemId, name }) => {
    const shown = await ctx.db.get("machines", machine);
    return shown === null ? [] : [{ itemId, name, machineId: shown.machineId }];
  });
  const announcements = await PublicStatus.announcementRows(ctx, statusPageId);
  return {
    statusPageId,
    slug,
    title,
    description,
    isPublished,
    items: (await Promise.all(rows)).flat(),
    announcements: announcements.map(({ _id, kind, title, text, startsAt, endsAt }) => ({
      announcementId: _id,
      kind,
      title,
      text,
      startsAt,
      endsAt: endsAt ?? null,
    })),
  };
}

/** Not published until somebody says so. */
export async function create(
  ctx: MutationCtx,
  { member, ...settings }: { member: Member; slug: string; title: string; description?: string },
): Promise<Id<"statusPages">> {
  if ((await list(ctx, member)).length >= MAX_PAGES) {
    fail({ kind: "limitReached", message: `A workspace can have ${MAX_PAGES} status pages.` });
  }
  await checkSlug(ctx, settings.slug, null);
  return await ctx.db.insert("statusPages", {
    workspaceId: member.workspaceId,
    slug: settings.slug,
    title: parseName(settings.title, "title"),
    description: parseDescription(settings.description ?? ""),
    isPublished: false,
  });
}

export async function update(
  ctx: MutationCtx,
  { member, statusPageId, slug, title, description, isPublished }: OfMember<PageSettings>,
): Promise<void> {
  const page = await owned(ctx, { member, statusPageId });
  if (slug !== undefined) await checkSlug(ctx, slug, page._id);
  await ctx.db.patch("statusPages", page._id, {
    ...(slug === undefined ? {} : { slug }),
    ...(title === undefined ? {} : { title: parseName(title, "title") }),
    ...(description === undefined ? {} : { description: parseDescription(description) }),
    ...(isPublished === undefined ? {} : { isPublished }),
  });
}

/** With its items and announcements. */
export async function remove(ctx: MutationCtx, args: OfMember): Promise<void> {
  const { _id } = await owned(ctx, args);
  for (const item of await PublicStatus.itemsOf(ctx, _id)) {
    await ctx.db.delete("statusPageItems", item._id);
  }
  for (const announcement of await PublicStatus.announcementRows(ctx, _id)) {
    await ctx.db.delete("announcements", announcement._id);
  }
  await ctx.db.delete("statusPages", _id);
}

/** All items in their order. A machine that stays keeps its item, and so its badges' addresses. */
export async function setItems(
  ctx: MutationCtx,
  { member, statusPageId, items }: OfMember<{ items: { machineId: string; name: string }[] }>,
): Promise<void> {
  const page = await owned(ctx, { member, statusPageId });
  if (items.length > PublicStatus.MAX_ITEMS) {
    const message = `A status page can show ${PublicStatus.MAX_ITEMS} machines.`;
    fail({ kind: "limitReached", message });
  }
  if (new Set(items.map(({ machineId }) => machineId)).size < items.length) {
    fail({ kind: "invalid", field: "items", message: "Name each machine once." });
  }
  const left = new Map(
    (await PublicStatus.itemsOf(ctx, page._id)).map((item) => [item.machine, item]),
  );
  for (const [position, { machineId, name }] of items.entries()) {
    const machine = await Machines.get(ctx, { member, machineId });
    const existing = left.get(machine._id);
    left.delete(machine._id);
    await putItem(ctx, { page, machine, existing, name: parseName(name), position });
  }
  for (const item of left.values()) await ctx.db.delete("statusPageItems", item._id);
}

export async function owned(
  ctx: QueryCtx,
  { member, statusPageId }: OfMember,
): Promise<Doc<"statusPages">> {
  const page = await ctx.db.get("statusPages", statusPageId);
  if (page?.workspaceId === member.workspaceId) return page;
  return fail({ kind: "notFound", message: "There is no such status page." });
}

async function putItem(
  ctx: MutationCtx,
  {
    page,
    machine,
    existing,
    name,
    position,
  }: {
    page: Doc<"statusPages">;
    machine: Doc<"machines">;
    existing: Doc<"statusPageItems"> | undefined;
    name: string;
    position: number;
  },
): Promise<void> {
  if (existing === undefined) {
    await ctx.db.insert("statusPageItems", {
      workspaceId: page.workspaceId,
      statusPageId: page._id,
      machine: machine._id,
      itemId: nanoid(ITEM_ID_LENGTH),
      name,
      position,
    });
  } else if (existing.name !== name || existing.position !== position) {
    await ctx.db.patch("statusPageItems", existing._id, { name, position });
  }
}

async function checkSlug(
  ctx: QueryCtx,
  slug: string,
  own: Id<"statusPages"> | null,
): Promise<void> {
  if (!slugPattern.test(slug)) {
    const message =
      "The address must be 3 to 40 of a–z, 0–9 and -, and neither begin nor end with -.";
    fail({ kind: "invalid", field: "slug", message });
  }
  const existing = await PublicStatus.findBySlug(ctx, slug);
  if (existing !== null && existing._id !== own) {
    fail({ kind: "invalid", field: "slug", message: "This address is taken. Choose another." });
  }
}
