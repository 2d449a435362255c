/** Public functions on status pages, for the people of the workspace. Visitors have publicStatus.ts. */
import { v } from "convex/values";
import { adminMutation, memberMutation, viewerQuery } from "./functions.ts";
import * as Announcements from "./model/announcements.ts";
import * as StatusPages from "./model/statusPages.ts";
import { vAnnouncementKind } from "./validators.ts";

const pageArgs = { statusPageId: v.id("statusPages") };
const announcementArgs = { announcementId: v.id("announcements") };
const pageFields = {
  statusPageId: v.id("statusPages"),
  slug: v.string(),
  title: v.string(),
  isPublished: v.boolean(),
};

/** The workspace's pages, published or not. */
export const list = viewerQuery({
  args: {},
  returns: v.array(v.object(pageFields)),
  handler: async (ctx) => await StatusPages.list(ctx, ctx.member),
});

/** A page as its editors see it; null where it is not the workspace's. */
export const get = viewerQuery({
  args: pageArgs,
  returns: v.union(
    v.null(),
    v.object({
      ...pageFields,
      description: v.string(),
      items: v.array(v.object({ itemId: v.string(), name: v.string(), machineId: v.string() })),
      announcements: v.array(
        v.object({
          ...announcementArgs,
          kind: vAnnouncementKind,
          title: v.string(),
          text: v.string(),
          startsAt: v.number(),
          endsAt: v.union(v.number(), v.null()),
        }),
      ),
    }),
  ),
  handler: async (ctx, args) => await StatusPages.get(ctx, { member: ctx.member, ...args }),
});

/** Hidden until `isPublished` is set. */
export const create = adminMutation({
  args: { slug: v.string(), title: v.string(), description: v.optional(v.string()) },
  returns: v.object(pageArgs),
  handler: async (ctx, args) => ({
    statusPageId: await StatusPages.create(ctx, { member: ctx.member, ...args }),
  }),
});

/** Only what is given. A slug is 3 to 40 of a–z, 0–9 and -, and one page's only. */
export const update = adminMutation({
  args: {
    ...pageArgs,
    slug: v.optional(v.string()),
    title: v.optional(v.string()),
    description: v.optional(v.string()),
    isPublished: v.optional(v.boolean()),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    await StatusPages.update(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** With its items and announcements; their badges are gone as well. */
export const remove = adminMutation({
  args: pageArgs,
  returns: v.null(),
  handler: async (ctx, args) => {
    await StatusPages.remove(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** What the page shows, in this order: each machine under the name that the public may read. */
export const setItems = adminMutation({
  args: {
    ...pageArgs,
    items: v.array(v.object({ machineId: v.string(), name: v.string() })),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    await StatusPages.setItems(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** Left out, `startsAt` is now and the announcement has no end. */
export const announce = memberMutation({
  args: {
    ...pageArgs,
    kind: vAnnouncementKind,
    title: v.string(),
    text: v.optional(v.string()),
    startsAt: v.optional(v.number()),
    endsAt: v.optional(v.number()),
  },
  returns: v.object(announcementArgs),
  handler: async (ctx, args) => ({
    announcementId: await Announcements.create(ctx, { member: ctx.member, ...args }),
  }),
});

/** `endsAt: null` takes the end away again. */
export const updateAnnouncement = memberMutation({
  args: {
    ...announcementArgs,
    kind: v.optional(vAnnouncementKind),
    title: v.optional(v.string()),
    text: v.optional(v.string()),
    startsAt: v.optional(v.number()),
    endsAt: v.optional(v.union(v.number(), v.null())),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    await Announcements.update(ctx, { member: ctx.member, ...args });
    return null;
  },
});

/** At once. */
export const removeAnnouncement = memberMutation({
  args: announcementArgs,
  returns: v.null(),
  handler: async (ctx, args) => {
    await Announcements.remove(ctx, { member: ctx.member, ...args });
    return null;
  },
});
