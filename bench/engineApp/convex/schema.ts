/** One table of numbered rows: as little as an engine can be measured with. */
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  rows: defineTable({ key: v.number(), value: v.number() }).index("by_key", ["key"]),
});
