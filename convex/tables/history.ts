/** The tables of what was: rollups of samples, our own outages, version changes, uptime per day, and how far it reaches. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { seriesFields, vResolution } from "../validators.ts";

export const historyTables = {
  // Append-only but for late samples. Written by jobs/rollUp, one row per machine and bucket with heartbeats; read by charts.
  rollups: defineTable({
    machine: v.id("machines"),
    resolution: vResolution,
    /** Where the bucket starts. */
    at: v.number(),
    beats: v.number(),
    ...seriesFields,
    /** 5m only: receipt of the last heartbeat up to the bucket's end that did not come out of a buffer. */
    lastBeatAt: v.optional(v.number()),
    /** How long the silences that ended in this bucket were (ms), where longer than a heartbeat may be late. */
    silencesMs: v.optional(v.array(v.number())),
  })
    .index("by_machine_and_resolution_and_at", ["machine", "resolution", "at"])
    .index("by_resolution_and_at", ["resolution", "at"]),

  // One row: how far jobs/rollUp has come. Written by each of its steps; read by it and by retention.
  rollUpProgress: defineTable({
    /** Buckets that start before this are rolled up, for all machines. */
    doneUntil: v.number(),
    /** Where the pass that is under way will end, and the last machine that it has done. */
    passUntil: v.optional(v.number()),
    cursor: v.optional(v.number()),
    steppedAt: v.number(),
  }),

  // Rare. Written when a buffer of old samples arrives, so that their buckets are made anew; emptied by jobs/rollUp.
  lateSpans: defineTable({ machine: v.id("machines"), from: v.number(), to: v.number() }).index(
    "by_machine",
    ["machine"],
  ),

  // Append-only. Written by a sweep that finds that it was away; what happened in between is not known.
  outages: defineTable({ from: v.number(), to: v.number() }).index("by_to", ["to"]),

  // Append-only. Written when an agent reports another version than before; read by the roll-out view. Kept like status changes.
  versionChanges: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    from: v.union(v.string(), v.null()),
    to: v.string(),
    at: v.number(),
    /** What was before this has been forgotten. */
    isFirstKept: v.optional(v.boolean()),
  })
    .index("by_workspaceId_and_at", ["workspaceId", "at"])
    .index("by_machine_and_at", ["machine", "at"]),

  // One row: up to which creation time changes have been passed by the horizon. Written and read by model/horizons.ts.
  horizons: defineTable({ statusChanges: v.number(), versionChanges: v.number() }),

  // Once a day per machine, by jobs/rollUp; read by uptime bars and status pages. Days are UTC.
  uptimes: defineTable({
    machine: v.id("machines"),
    /** Start of the first day in the arrays. */
    firstDay: v.number(),
    /** Seconds per day. What is missing to a full day was stopped, waiting, maintenance or our own outage. */
    upSeconds: v.array(v.number()),
    downSeconds: v.array(v.number()),
  }).index("by_machine", ["machine"]),
};
