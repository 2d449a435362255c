/** The tables of public status pages: what is published, under names of its own. Cold, all of them. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vAnnouncementKind } from "../validators.ts";

export const statusPageTables = {
  // Written by admins; read by its public page.
  statusPages: defineTable({
    workspaceId: v.id("workspaces"),
    /** In the address of the page; one page per slug in the whole installation. */
    slug: v.string(),
    title: v.string(),
    description: v.string(),
    isPublished: v.boolean(),
  })
    .index("by_slug", ["slug"])
    .index("by_workspaceId", ["workspaceId"]),

  // Written by admins; read by the public page. The public knows an item by itemId and name, never by its machine.
  statusPageItems: defineTable({
    workspaceId: v.id("workspaces"),
    statusPageId: v.id("statusPages"),
    machine: v.id("machines"),
    itemId: v.string(),
    name: v.string(),
    position: v.number(),
  })
    .index("by_statusPageId_and_position", ["statusPageId", "position"])
    .index("by_workspaceId", ["workspaceId"])
    .index("by_machine", ["machine"]),

  // Written by members; read by the public page.
  announcements: defineTable({
    workspaceId: v.id("workspaces"),
    statusPageId: v.id("statusPages"),
    kind: vAnnouncementKind,
    title: v.string(),
    text: v.string(),
    startsAt: v.number(),
    endsAt: v.optional(v.number()),
  })
    .index("by_statusPageId_and_startsAt", ["statusPageId", "startsAt"])
    .index("by_workspaceId", ["workspaceId"]),
};
