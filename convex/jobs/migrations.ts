/**
 * Changes to rows that are there already, in batches and in the background, each once. docs/operating.md says how one is
 * written. Nobody but an administrator starts them: npm start does, after each push.
 */
import {
  Migrations,
  type MigrationFunctionReference,
  type MigrationStatus,
} from "@convex-dev/migrations";
import { v, type Infer } from "convex/values";
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
const ALL: MigrationFunctionReference[] = [internal.jobs.migrations.forgetExpiredSecrets];

/** Begins or continues what is not done; without effect when all is. */
export const start = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await migrations.runSerially(ctx, ALL);
    return null;
  },
});

const vProgress = v.object({
  name: v.string(),
  state: v.string(),
  processed: v.number(),
  error: v.string(),
});
type Progress = Infer<typeof vProgress>;

/** For an administrator: `npx convex run jobs/migrations:status`. */
export const status = internalQuery({
  args: {},
  returns: v.array(vProgress),
  handler: async (ctx): Promise<Progress[]> =>
    (await migrations.getStatus(ctx, { migrations: ALL })).map(progressOf),
});

const progressOf = ({ name, state, processed, error }: MigrationStatus): Progress => ({
  name: name.replace("jobs/migrations:", ""),
  state,
  processed,
  error: error ?? "",
});
