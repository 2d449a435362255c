/** The functions that bench/engine.ts calls. Generic builders: this app has no generated code. */
import {
  mutationGeneric,
  queryGeneric,
  type DataModelFromSchemaDefinition,
  type MutationBuilder,
  type QueryBuilder,
} from "convex/server";
import { v } from "convex/values";
import type schema from "./schema.ts";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const mutation: MutationBuilder<DataModel, "public"> = mutationGeneric;
const query: QueryBuilder<DataModel, "public"> = queryGeneric;

/** Sets one row, found by its index, as a heartbeat sets its pulse. */
export const set = mutation({
  args: { key: v.number(), value: v.number() },
  returns: v.null(),
  handler: async (ctx, { key, value }) => {
    const row = await ctx.db
      .query("rows")
      .withIndex("by_key", (q) => q.eq("key", key))
      .unique();
    if (row === null) await ctx.db.insert("rows", { key, value });
    else await ctx.db.patch("rows", row._id, { value });
    return null;
  },
});

/** Fills the table: rows from `from` up to, not including, `to`. */
export const fill = mutation({
  args: { from: v.number(), to: v.number() },
  returns: v.null(),
  handler: async (ctx, { from, to }) => {
    for (let key = from; key < to; key++) await ctx.db.insert("rows", { key, value: 0 });
    return null;
  },
});

export const get = query({
  args: { key: v.number() },
  returns: v.number(),
  handler: async (ctx, { key }) => {
    const row = await ctx.db
      .query("rows")
      .withIndex("by_key", (q) => q.eq("key", key))
      .unique();
    return row?.value ?? -1;
  },
});
