/** The tables around alerts: incidents, who is told, what was sent, and the monitor's own pulse. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import {
  preferenceFields,
  vAttempt,
  vChannelConfig,
  vChannelKind,
  vDeliveryState,
  vEvent,
  vIncidentReason,
  vMachineSnapshot,
  vSchedule,
  vSuppression,
} from "../validators.ts";

export const alertingTables = {
  // On change. Opened by the sweep, closed by the heartbeat that ends it; read by the incident list and its follow-ups.
  // Once closed they are kept as long as hourly rollups.
  incidents: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    machineId: v.string(),
    machineName: v.string(),
    openedAt: v.number(),
    closedAt: v.optional(v.number()),
    reason: vIncidentReason,
    /** One incident for all the silences of a machine that comes and goes, until it is calm. */
    isFlapping: v.optional(v.boolean()),
    /** Who was told so long ago that the notices are gone: see model/hearings.ts. */
    heardBy: v.optional(
      v.array(v.object({ channelId: v.id("channels"), deliveryId: v.id("deliveries") })),
    ),
    /** Since when others of the workspace fell silent with it: their recoveries are told together. */
    wave: v.optional(v.number()),
    /** Why nobody was told when it was last decided. Absent: those who wanted it were. */
    suppressedBy: v.optional(vSuppression),
    /** The machine that it waits for or is explained by. */
    blockedBy: v.optional(v.id("machines")),
    /** Its opening, or the end of what suppressed it: delays count from here. Absent until it is told. */
    tellableSince: v.optional(v.number()),
    /** When to decide again: escalation, reminder, end of a suppression. Absent: nothing to do. */
    followUpAt: v.optional(v.number()),
    acknowledgedAt: v.optional(v.number()),
    acknowledgedBy: v.optional(v.string()),
    snoozedUntil: v.optional(v.number()),
    snoozedBy: v.optional(v.string()),
  })
    .index("by_workspaceId", ["workspaceId"])
    .index("by_machine", ["machine"])
    .index("by_closedAt_and_workspaceId_and_wave", ["closedAt", "workspaceId", "wave"])
    .index("by_followUpAt", ["followUpAt"])
    .index("by_blockedBy", ["blockedBy"]),

  // Cold. What people write beside an incident; read by its page only.
  incidentNotes: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    incidentId: v.id("incidents"),
    userId: v.id("users"),
    /** As it was then: people leave, and what they wrote stays theirs. */
    authorName: v.string(),
    text: v.string(),
  })
    .index("by_incidentId", ["incidentId"])
    .index("by_machine", ["machine"])
    .index("by_workspaceId", ["workspaceId"]),

  // Cold. Written by admins, and by members for themselves; read when an event is decided and sent. Secrets are stored as
  // given and never returned.
  channels: defineTable({
    workspaceId: v.id("workspaces"),
    /** Personal: tells this member only, and nobody else sees it. Absent: the workspace's. */
    userId: v.optional(v.id("users")),
    kind: vChannelKind,
    name: v.string(),
    config: vChannelConfig,
    ...preferenceFields,
  })
    .index("by_workspaceId", ["workspaceId"])
    .index("by_userId_and_workspaceId", ["userId", "workspaceId"]),

  // Warm. One row per channel: its place in the queue and its health. Written by queueing and settling; read by dispatch.
  lanes: defineTable({
    workspaceId: v.id("workspaces"),
    channelId: v.id("channels"),
    /** When its next delivery may go; absent while nothing waits or all its slots are taken. */
    dueAt: v.optional(v.number()),
    /** Attempts that failed since the last success. */
    failures: v.number(),
    failingSince: v.optional(v.number()),
    /** When the other channels were told that this one fails. */
    reportedAt: v.optional(v.number()),
    lastSuccessAt: v.optional(v.number()),
    /** Why the other side could not be set up: a Telegram bot's callbacks. */
    setupError: v.optional(v.string()),
  })
    .index("by_channelId", ["channelId"])
    .index("by_dueAt", ["dueAt"]),

  // Warm. The circuit breakers: one row per workspace and host that did not answer. Written when attempts end.
  breakers: defineTable({
    workspaceId: v.id("workspaces"),
    host: v.string(),
    failures: v.number(),
    openUntil: v.optional(v.number()),
  }).index("by_workspaceId_and_host", ["workspaceId", "host"]),

  // Outbox and log, one row per message. Queued in the mutation that decides, then leased and settled. A message may
  // collect events for a while (groupKey, no sealedAt); what is suppressed is a row as well.
  deliveries: defineTable({
    workspaceId: v.id("workspaces"),
    channelId: v.id("channels"),
    channelName: v.string(),
    /** Of a personal channel: whose. Nobody else sees the row. */
    userId: v.optional(v.id("users")),
    event: vEvent,
    /** The first machine, for lists; none in messages about channels. */
    machineName: v.optional(v.string()),
    /** Machines in it: see notices. */
    count: v.number(),
    /** SHA-256 over all its notices, in their order: the ledger proves the list with it. */
    digest: v.string(),
    /** channel:event:why. Absent: never joined by others. */
    groupKey: v.optional(v.string()),
    previousLeftAt: v.optional(v.number()),
    sealedAt: v.optional(v.number()),
    /** Most of the fleet fell silent together: how many of how many. */
    massSilence: v.optional(v.object({ silent: v.number(), watched: v.number() })),
    /** For channel.failing: which, and why. */
    problem: v.optional(v.object({ channelName: v.string(), error: v.string() })),
    /** It must not overtake these: the messages whose incidents it ends. */
    after: v.optional(v.array(v.id("deliveries"))),
    /** Of the incidents that it opened, those not closed yet. */
    unresolved: v.optional(v.number()),
    state: vDeliveryState,
    suppressedBy: v.optional(vSuppression),
    attempts: v.number(),
    /** Where the retry schedule began: moved by "send again". */
    attemptsBefore: v.optional(v.number()),
    attemptLog: v.array(vAttempt),
    queuedAt: v.number(),
    /** Held until then: the group's window, quiet hours. */
    notBefore: v.optional(v.number()),
    heldBy: v.optional(v.union(v.literal("grouping"), v.literal("quietHours"))),
    /** Queued: the next attempt, absent while it waits for another delivery. Leased: the lease's end. */
    dueAt: v.optional(v.number()),
    finishedAt: v.optional(v.number()),
    responseStatus: v.optional(v.number()),
    latencyMs: v.optional(v.number()),
    error: v.optional(v.string()),
  })
    .index("by_state_and_dueAt", ["state", "dueAt"])
    .index("by_state_and_channelId_and_dueAt", ["state", "channelId", "dueAt"])
    .index("by_groupKey", ["groupKey"])
    // The log of all states is in the order of time.
    // eslint-disable-next-line @convex-dev/no-duplicate-indexes
    .index("by_workspaceId", ["workspaceId"])
    .index("by_workspaceId_and_state", ["workspaceId", "state"])
    .index("by_channelId", ["channelId"]),

  // Append-only. One decision: this channel hears this event of this incident, in that delivery. Read when it is sent and logged.
  notices: defineTable({
    workspaceId: v.id("workspaces"),
    deliveryId: v.id("deliveries"),
    channelId: v.id("channels"),
    incidentId: v.optional(v.id("incidents")),
    event: vEvent,
    isSuppressed: v.boolean(),
    machine: vMachineSnapshot,
    /** When it happened: the deadline, or the receipt of the heartbeat. */
    at: v.number(),
    /** How long before that: the silence, or the outage that ended. */
    durationMs: v.optional(v.number()),
  })
    .index("by_deliveryId", ["deliveryId"])
    // In the order of time, whatever was told.
    // eslint-disable-next-line @convex-dev/no-duplicate-indexes
    .index("by_incidentId_and_channelId", ["incidentId", "channelId"])
    .index("by_incidentId_and_channelId_and_event", ["incidentId", "channelId", "event"]),

  // Append-only. The hash chain over all decisions and attempts of a workspace; read by exports only.
  ledger: defineTable({
    workspaceId: v.id("workspaces"),
    sequence: v.number(),
    /** JSON: what happened. */
    entry: v.string(),
    /** SHA-256 of the hash before and the entry: see core/ledger.ts. */
    hash: v.string(),
  }).index("by_workspaceId_and_sequence", ["workspaceId", "sequence"]),

  // Cold. Written by people; read when something is decided about one of the workspace's machines.
  maintenanceWindows: defineTable({
    workspaceId: v.id("workspaces"),
    name: v.string(),
    machineIds: v.optional(v.array(v.string())),
    tags: v.optional(v.array(v.string())),
    schedule: vSchedule,
    createdBy: v.id("users"),
  }).index("by_workspaceId", ["workspaceId"]),

  // One row: the monitor's own pulse. Written by every sweep; read by the sweep's watch and monitor.status.
  sweeps: defineTable({
    /** Number of the loop that may sweep; an older loop that wakes up stops. */
    chain: v.number(),
    lastSweepAt: v.number(),
    nextSweepAt: v.number(),
    /** When the monitor itself came back after an outage; silence before that is not held against a machine. */
    resumedAt: v.optional(v.number()),
    lastReconciledAt: v.optional(v.number()),
  }),

  // Append-only. Contradictions that reconciliation found and repaired; read by monitor.repairs.
  repairs: defineTable({
    workspaceId: v.id("workspaces"),
    subject: v.string(),
    problem: v.string(),
  }).index("by_workspaceId", ["workspaceId"]),

  // Warm. One row per workspace that wants it: the address that hears from us while we live. Written about once a minute.
  selfHeartbeats: defineTable({
    workspaceId: v.id("workspaces"),
    url: v.string(),
    dueAt: v.number(),
    lastAt: v.optional(v.number()),
    lastError: v.optional(v.string()),
    lastSuccessAt: v.optional(v.number()),
  })
    .index("by_workspaceId", ["workspaceId"])
    .index("by_dueAt", ["dueAt"]),

  // One row, written once: signs the links and callbacks with which people acknowledge without signing in.
  signingKeys: defineTable({ key: v.string() }),

  // One row, written once: says to push services who sends (RFC 8292), in base64url. Subscriptions are bound to it.
  vapidKeys: defineTable({ publicKey: v.string(), privateKey: v.string() }),
};
