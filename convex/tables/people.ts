/** The tables around people: accounts, workspaces and who is in them, keys, the audit log. Cold, all of them. */
import { authTables } from "@convex-dev/auth/server";
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vActorKind, vApiAccess, vCodePurpose, vRole } from "../validators.ts";

export const peopleTables = {
  // users and auth*: written by Convex Auth at sign-up, sign-in and token refresh; users is read by every signed-in call.
  ...authTables,
  authSessions: defineTable({
    ...authTables.authSessions.validator.fields,
    /** What its page said of itself: the names of its browser and system. */
    device: v.optional(v.object({ browser: v.string(), system: v.string() })),
  }).index("userId", ["userId"]),
  users: defineTable({
    ...authTables.users.validator.fields,
    /** Where the user works when a call names no workspace. Absent or left: the first that they joined. */
    currentWorkspaceId: v.optional(v.id("workspaces")),
    /** The account is being deleted: it can do nothing any more but watch. */
    deletedAt: v.optional(v.number()),
  })
    .index("email", ["email"])
    .index("phone", ["phone"]),

  // Cold. Written by people; read by name.
  workspaces: defineTable({
    name: v.string(),
    createdBy: v.id("users"),
    /** What new machines start with where whoever adds them says nothing. Absent: the installation's. */
    heartbeatIntervalMs: v.optional(v.number()),
    offlineThresholdMs: v.optional(v.number()),
  }),

  // Cold. Written when people join, leave or change roles; read by every signed-in call. One owner per workspace.
  members: defineTable({
    workspaceId: v.id("workspaces"),
    userId: v.id("users"),
    role: vRole,
  })
    .index("by_userId", ["userId"])
    .index("by_workspaceId_and_userId", ["workspaceId", "userId"]),

  // Cold. Written by admins and by whoever accepts; read by the link and the members page.
  invites: defineTable({
    workspaceId: v.id("workspaces"),
    /** SHA-256 of the link's token in hex. */
    tokenHash: v.string(),
    role: vRole,
    /** Whom it is for. Someone who signs in with a provider that vouches for this address needs no link. */
    email: v.optional(v.string()),
    createdBy: v.id("users"),
    expiresAt: v.number(),
    acceptedBy: v.optional(v.id("users")),
    acceptedAt: v.optional(v.number()),
  })
    .index("by_tokenHash", ["tokenHash"])
    .index("by_email", ["email"])
    .index("by_expiresAt", ["expiresAt"])
    .index("by_workspaceId", ["workspaceId"]),

  // Cold. Written by admins, and at most every few minutes by use; read by every REST request with a key.
  apiKeys: defineTable({
    workspaceId: v.id("workspaces"),
    name: v.string(),
    keyHash: v.string(),
    /** The last characters of the key, so that people can tell keys apart. */
    hint: v.string(),
    access: vApiAccess,
    createdBy: v.id("users"),
    expiresAt: v.optional(v.number()),
    /** Coarse: see model/apiKeys.ts. */
    lastUsedAt: v.optional(v.number()),
  })
    .index("by_keyHash", ["keyHash"])
    .index("by_workspaceId", ["workspaceId"]),

  // Cold. Written by admins, and by each machine that enrols itself; read by those enrolments.
  enrolmentKeys: defineTable({
    workspaceId: v.id("workspaces"),
    name: v.string(),
    keyHash: v.string(),
    hint: v.string(),
    tags: v.array(v.string()),
    heartbeatIntervalMs: v.optional(v.number()),
    offlineThresholdMs: v.optional(v.number()),
    createdBy: v.id("users"),
    expiresAt: v.number(),
    maxMachines: v.number(),
    /** Machines that it has made; one that enrols again does not count again. */
    machines: v.number(),
    lastUsedAt: v.optional(v.number()),
  })
    .index("by_keyHash", ["keyHash"])
    .index("by_workspaceId", ["workspaceId"]),

  // Cold. One row per workspace that wants it: removes machines that are silent for long. Read by an hourly job.
  cleanUps: defineTable({
    workspaceId: v.id("workspaces"),
    silentForMs: v.number(),
    /** Only machines with this tag. */
    tag: v.optional(v.string()),
    lastRunAt: v.optional(v.number()),
    lastRemoved: v.optional(v.number()),
  }).index("by_workspaceId", ["workspaceId"]),

  // Append-only. Written with every change that a person, a key or the clean-up makes; read by the audit log. Kept for two
  // years, or as long as the environment says.
  auditEvents: defineTable({
    workspaceId: v.id("workspaces"),
    at: v.number(),
    actorKind: vActorKind,
    actorId: v.optional(v.string()),
    actorName: v.string(),
    /** The public function or endpoint: `machines.update`. */
    action: v.string(),
    /** What was changed: a table, an id that people know (a machine's nanoid), and its name at the time. */
    subjectKind: v.string(),
    subjectId: v.string(),
    subjectName: v.string(),
    changes: v.array(
      v.object({
        field: v.string(),
        from: v.union(v.string(), v.null()),
        to: v.union(v.string(), v.null()),
      }),
    ),
  })
    .index("by_workspaceId_and_at", ["workspaceId", "at"])
    .index("by_workspaceId_and_actorId", ["workspaceId", "actorId"])
    .index("by_workspaceId_and_subjectId", ["workspaceId", "subjectId"])
    .index("by_workspaceId_and_action", ["workspaceId", "action"]),

  // On change. One row per workspace or account that is being deleted in batches; read by the page that shows how far.
  removals: defineTable({
    userId: v.optional(v.id("users")),
    workspaceId: v.optional(v.id("workspaces")),
    name: v.string(),
    startedBy: v.id("users"),
    removedRows: v.number(),
    finishedAt: v.optional(v.number()),
  })
    .index("by_startedBy", ["startedBy"])
    .index("by_workspaceId", ["workspaceId"]),

  // Cold. Codes sent by e-mail, hashed; read when one comes back, removed when used or expired.
  emailCodes: defineTable({
    userId: v.id("users"),
    purpose: vCodePurpose,
    codeHash: v.string(),
    email: v.string(),
    expiresAt: v.number(),
  })
    .index("by_codeHash", ["codeHash"])
    .index("by_userId_and_purpose", ["userId", "purpose"]),
};
