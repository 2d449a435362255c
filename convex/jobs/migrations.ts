/**
 * Changes to rows that are there already, in batches and in the background, each once. docs/operating.md says how one is
 * written. Nobody but an administrator starts them: npm start does, after each push.
 */
import { Migrations, type MigrationStatus } from "@convex-dev/migrations";
import { v } from "convex/values";
import { components, internal } from "../_generated/api.js";
import type { DataModel } from "../_generated/dataModel.js";
import { internalMutation, internalQuery } from "../functions.ts";
import * as Secrets from "../model/secrets.ts";

const migrations = new Migrations<DataModel>(components.migrations, { internalMutation });

/** A rotation's end is scheduled, and schedules do not come along with `convex import`. */
export const forgetExpiredSecrets = migrations.define({
  table: "machines",
  migrateOne: Secrets.forgetExpired,
});

/** In this order; the next begins when the one before it is through. New ones are added at the end, old ones stay. */
const ALL = [internal.jobs.migrations.forgetExpiredSecrets];

/** Begins or continues what is not done; without effect when all is. */
export const start = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await migrations.runSerially(ctx, ALL);
    return null;
  },
});

/** For an administrator: `npx convex run jobs/migrations:status`. */
export const status = internalQuery({
  args: {},
  returns: v.array(
    v.object({ name: v.string(), state: v.string(), processed: v.number(), error: v.string() }),
  ),
  handler: async (ctx) => (await migrations.getStatus(ctx, { migrations: ALL })).map(shown),
});

const shown = ({ name, state, processed, error }: MigrationStatus) => ({
  name: name.replace("jobs/migrations:", ""),
  state,
  processed,
  error: error ?? "",
});
