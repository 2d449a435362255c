/** The one public function that answers anybody with the link: a published status page, live. */
import { v } from "convex/values";
import { publicQuery } from "./functions.ts";
import * as PublicStatus from "./model/publicStatus.ts";
import { vAnnouncementKind } from "./validators.ts";

const vNumberOrNull = v.union(v.number(), v.null());

/** Null where nothing is published under this slug. `until` is now (ms); answers are shared for five minutes of it. */
export const get = publicQuery({
  args: { slug: v.string(), until: v.number() },
  returns: v.union(
    v.null(),
    v.object({
      title: v.string(),
      description: v.string(),
      overall: v.union(
        v.literal("operational"),
        v.literal("partial"),
        v.literal("down"),
        v.literal("maintenance"),
        v.literal("unknown"),
      ),
      items: v.array(
        v.object({
          itemId: v.string(),
          name: v.string(),
          status: v.union(
            v.literal("operational"),
            v.literal("down"),
            v.literal("maintenance"),
            v.literal("stopped"),
            v.literal("unknown"),
          ),
          since: vNumberOrNull,
          /** Uptime (0 to 1) of the last 90 days (UTC), the last of them today. */
          days: v.array(vNumberOrNull),
          last30Days: vNumberOrNull,
          last90Days: vNumberOrNull,
        }),
      ),
      incidents: v.array(
        v.object({ itemId: v.string(), openedAt: v.number(), closedAt: vNumberOrNull }),
      ),
      announcements: v.array(
        v.object({
          kind: vAnnouncementKind,
          title: v.string(),
          text: v.string(),
          startsAt: v.number(),
          endsAt: vNumberOrNull,
        }),
      ),
    }),
  ),
  handler: async (ctx, args) => await PublicStatus.read(ctx, args),
});
