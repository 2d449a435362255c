/**
 * All tables, apart by temperature: a heartbeat must wake nobody who does not look at that machine.
 * `machineId` is the public nanoid everywhere; `machine` refers to the document.
 */
import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import {
  metricFields,
  vCapacity,
  vChannelKind,
  vDeliveryState,
  vEvent,
  vIncidentReason,
  vMachineSnapshot,
  vMetrics,
  vReason,
  vRole,
  vStatus,
  vWebhookConfig,
} from "./validators.ts";

export default defineSchema({
  // users and auth*: written by Convex Auth at sign-up, sign-in and token refresh; users is read by every signed-in call.
  ...authTables,

  // Cold. Written at sign-up; read by name only.
  workspaces: defineTable({ name: v.string(), createdBy: v.id("users") }),

  // Cold. Written at sign-up; read by every signed-in call.
  members: defineTable({
    workspaceId: v.id("workspaces"),
    userId: v.id("users"),
    role: vRole,
  })
    .index("by_userId", ["userId"])
    .index("by_workspaceId_and_userId", ["workspaceId", "userId"]),

  // Cold. Written by people, and by registration when a fact changed; read by every heartbeat and by lists.
  machines: defineTable({
    workspaceId: v.id("workspaces"),
    machineId: v.string(),
    /** SHA-256 of the secret in hex; the secret itself is never stored. */
    secretHash: v.string(),
    name: v.string(),
    description: v.string(),
    tags: v.array(v.string()),
    heartbeatIntervalMs: v.optional(v.number()),
    offlineThresholdMs: v.optional(v.number()),
    hostname: v.optional(v.string()),
    ipAddress: v.optional(v.string()),
    os: v.optional(v.string()),
    arch: v.optional(v.string()),
    version: v.optional(v.string()),
    rootDirectory: v.optional(v.string()),
    capacity: v.optional(vCapacity),
    /** JSON text: agents may use keys that no Convex object can have. */
    metadata: v.optional(v.string()),
  })
    .index("by_machineId", ["machineId"])
    .index("by_workspaceId", ["workspaceId"]),

  // Append-only. Written when a machine is removed; read when an unknown id beats, so that its agent hears 410 and stops.
  deletedMachines: defineTable({ machineId: v.string(), secretHash: v.string() }).index(
    "by_machineId",
    ["machineId"],
  ),

  // Hot. One row per machine, written by each of its heartbeats; the sweep touches it only when its deadline has
  // passed. Read by the machine's own page and by small lists.
  pulses: defineTable({
    machine: v.id("machines"),
    lastHeartbeatAt: v.optional(v.number()),
    /** When to call the machine silent. Absent while nobody waits for it: never seen, stopped or already offline. */
    deadlineAt: v.optional(v.number()),
    /** Copy of statuses.status, so that a heartbeat need not read that row. */
    isOnline: v.boolean(),
    /** Requests left in the rate limit's bucket at lastHeartbeatAt. */
    allowance: v.number(),
    metrics: v.optional(vMetrics),
    assistantCount: v.optional(v.number()),
    bootId: v.optional(v.string()),
    sequence: v.optional(v.number()),
    clockSkewMs: v.optional(v.number()),
  })
    .index("by_machine", ["machine"])
    .index("by_deadlineAt", ["deadlineAt"]),

  // Warm. One row per machine, written on change only; read by every list and header.
  statuses: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    status: vStatus,
    reason: vReason,
    since: v.number(),
    /** As of the last change; the exact value is in pulses. */
    lastSeenAt: v.optional(v.number()),
    /** The open incident, if there is one. */
    incidentId: v.optional(v.id("incidents")),
  })
    .index("by_machine", ["machine"])
    .index("by_workspaceId", ["workspaceId"]),

  // Append-only. Written with each change of statuses; read by history. `at` is the deadline, not when the sweep ran.
  statusChanges: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    from: vStatus,
    to: vStatus,
    reason: vReason,
    at: v.number(),
    version: v.optional(v.string()),
  }).index("by_machine_and_at", ["machine", "at"]),

  // Append-only. One per heartbeat, kept 24 hours; read by a machine's charts. `at` is ours, or the agent's if buffered.
  samples: defineTable({ machine: v.id("machines"), at: v.number(), ...metricFields }).index(
    "by_machine_and_at",
    ["machine", "at"],
  ),

  // On change. Opened by the sweep, closed by the heartbeat that ends it; read by the incident list.
  incidents: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    machineId: v.string(),
    machineName: v.string(),
    openedAt: v.number(),
    closedAt: v.optional(v.number()),
    reason: vIncidentReason,
  })
    .index("by_workspaceId", ["workspaceId"])
    .index("by_machine", ["machine"]),

  // Cold. Written by admins; read when an event is queued and sent. Signing secrets are stored as given and never returned.
  channels: defineTable({
    workspaceId: v.id("workspaces"),
    kind: vChannelKind,
    name: v.string(),
    config: vWebhookConfig,
  }).index("by_workspaceId", ["workspaceId"]),

  // Outbox and log. Queued in the mutation that decides, leased and settled by jobs/notify; read by the delivery log.
  deliveries: defineTable({
    workspaceId: v.id("workspaces"),
    channelId: v.id("channels"),
    channelName: v.string(),
    incidentId: v.optional(v.id("incidents")),
    event: vEvent,
    machine: vMachineSnapshot,
    state: vDeliveryState,
    attempts: v.number(),
    queuedAt: v.number(),
    /** Queued: the next attempt. Leased: when the lease ends. Absent once finished. */
    dueAt: v.optional(v.number()),
    finishedAt: v.optional(v.number()),
    responseStatus: v.optional(v.number()),
    latencyMs: v.optional(v.number()),
    error: v.optional(v.string()),
  })
    .index("by_state_and_dueAt", ["state", "dueAt"])
    .index("by_incidentId_and_channelId", ["incidentId", "channelId"])
    .index("by_workspaceId", ["workspaceId"])
    .index("by_channelId", ["channelId"]),

  // Warm. One row per workspace, written when a machine is added, removed or changes status; read by /health.
  fleets: defineTable({
    workspaceId: v.id("workspaces"),
    machines: v.number(),
    online: v.number(),
  }).index("by_workspaceId", ["workspaceId"]),

  // One row: the monitor's own pulse. Written by every sweep; read by the sweep's watch and monitor.status.
  sweeps: defineTable({
    /** Number of the loop that may sweep; an older loop that wakes up stops. */
    chain: v.number(),
    lastSweepAt: v.number(),
    nextSweepAt: v.number(),
    /** When the monitor itself came back after an outage; silence before that is not held against a machine. */
    resumedAt: v.optional(v.number()),
  }),
});
