/**
 * All tables, apart by temperature: a heartbeat must wake nobody who does not look at that machine.
 * `machineId` is the public nanoid everywhere; `machine` refers to the document.
 */
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { historyTables } from "./tables/history.ts";
import { alertingTables } from "./tables/alerting.ts";
import { peopleTables } from "./tables/people.ts";
import { statusPageTables } from "./tables/statusPages.ts";
import {
  metricFields,
  vCapacity,
  vBoot,
  vClash,
  vGauges,
  vMetrics,
  vReason,
  vRefusalKind,
  vShelf,
  vShelver,
  vStatus,
} from "./validators.ts";

export default defineSchema({
  ...peopleTables,
  ...alertingTables,
  ...historyTables,
  ...statusPageTables,

  // Cold. Written by people, and by registration when a fact changed; read by every heartbeat and by lists.
  machines: defineTable({
    workspaceId: v.id("workspaces"),
    machineId: v.string(),
    /** SHA-256 of the secret in hex; the secret itself is never stored. */
    secretHash: v.string(),
    /** After a rotation the old secret works on until then, or until it is revoked. */
    previousSecretHash: v.optional(v.string()),
    previousSecretExpiresAt: v.optional(v.number()),
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
    /** Paused: tracked as ever, but nobody is told. */
    pausedAt: v.optional(v.number()),
    /** The machine without which this one cannot be reached: while it is down, nobody is told of this one. */
    parent: v.optional(v.id("machines")),
    /** Out of the fleet: not listed, not counted, not swept; its agent hears 410. Absent for machines of the fleet. */
    shelf: v.optional(vShelf),
    shelvedAt: v.optional(v.number()),
    shelvedBy: v.optional(vShelver),
    /** Deleted machines only: when the row and its history go for good. */
    purgeAt: v.optional(v.number()),
    /** Two boots that used the token at the same time. Stays until people split or dismiss it. */
    clash: v.optional(vClash),
    /** The key that the machine enrolled itself with, and what it called itself. */
    enrolledBy: v.optional(v.id("enrolmentKeys")),
    instanceId: v.optional(v.string()),
  })
    .index("by_machineId", ["machineId"])
    .index("by_workspaceId_and_shelf_and_machineId", ["workspaceId", "shelf", "machineId"])
    .index("by_workspaceId_and_instanceId", ["workspaceId", "instanceId"])
    .index("by_purgeAt", ["purgeAt"])
    .index("by_parent", ["parent"]),

  // Append-only. Written when a machine is gone for good; read when an unknown id beats, so that its agent hears 410 and stops.
  deletedMachines: defineTable({ machineId: v.string(), secretHash: v.string() }).index(
    "by_machineId",
    ["machineId"],
  ),

  // On refusal, at most one write per machine and few seconds. Read by the checklist of a machine that is being set up.
  refusals: defineTable({
    machine: v.id("machines"),
    at: v.number(),
    kind: vRefusalKind,
    message: v.string(),
  }).index("by_machine", ["machine"]),

  // Hot. One row per machine, written by each of its heartbeats; the sweep touches it only when its deadline has
  // passed. Read by the machine's own page and by small lists.
  pulses: defineTable({
    machine: v.id("machines"),
    lastHeartbeatAt: v.optional(v.number()),
    /** When to call the machine silent. Absent while nobody waits for it: never seen, stopped or already offline. */
    deadlineAt: v.optional(v.number()),
    /** Somebody wants to hear when it is late: the deadline is then that moment first. See model/lateStage.ts. */
    watchesLate: v.optional(v.boolean()),
    /** Copy of statuses.status, so that a heartbeat need not read that row. */
    isOnline: v.boolean(),
    /** Requests left in the rate limit's bucket at lastHeartbeatAt. */
    allowance: v.number(),
    metrics: v.optional(vMetrics),
    assistantCount: v.optional(v.number()),
    gauges: v.optional(vGauges),
    bootId: v.optional(v.string()),
    sequence: v.optional(v.number()),
    clockSkewMs: v.optional(v.number()),
    /** The boot that beats, and the one before it: when that one comes back, two share a token. */
    boots: v.optional(
      v.object({ current: vBoot, previous: v.optional(vBoot), returns: v.optional(v.number()) }),
    ),
    /** During a rotation: when each of the two secrets was last used. */
    currentSecretUsedAt: v.optional(v.number()),
    previousSecretUsedAt: v.optional(v.number()),
  })
    .index("by_machine", ["machine"])
    .index("by_deadlineAt", ["deadlineAt"]),

  // Warm. One row per machine, written on change only; read by every list and header.
  statuses: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    /** Copies from the machine, so that lists read both tables by the same range. */
    machineId: v.string(),
    shelf: v.optional(vShelf),
    status: vStatus,
    reason: vReason,
    since: v.number(),
    /** As of the last change; the exact value is in pulses. */
    lastSeenAt: v.optional(v.number()),
    /** The open incident, if there is one. */
    incidentId: v.optional(v.id("incidents")),
  })
    .index("by_machine", ["machine"])
    .index("by_workspaceId_and_shelf_and_machineId", ["workspaceId", "shelf", "machineId"])
    .index("by_workspaceId_and_shelf_and_status_and_since", [
      "workspaceId",
      "shelf",
      "status",
      "since",
    ]),

  // Append-only. Written with each change of statuses; read by history. `at` is the deadline, not when the sweep ran. Kept
  // as long as hourly rollups, and the last one before that for good: see model/horizons.ts.
  statusChanges: defineTable({
    workspaceId: v.id("workspaces"),
    machine: v.id("machines"),
    from: vStatus,
    to: vStatus,
    reason: vReason,
    at: v.number(),
    version: v.optional(v.string()),
    /** What was before this has been forgotten. */
    isFirstKept: v.optional(v.boolean()),
  })
    .index("by_machine_and_at", ["machine", "at"])
    .index("by_workspaceId_and_at", ["workspaceId", "at"]),

  // Append-only. One per heartbeat, kept 24 hours; read by a machine's charts. `at` is ours, or the agent's if buffered.
  samples: defineTable({ machine: v.id("machines"), at: v.number(), ...metricFields }).index(
    "by_machine_and_at",
    ["machine", "at"],
  ),

  // Warm. One row per workspace, written when a machine is added, removed or changes status; read by /health.
  fleets: defineTable({
    workspaceId: v.id("workspaces"),
    machines: v.number(),
    online: v.number(),
    /** Machines that fell silent one shortly after the other, out of those online when that began. */
    wave: v.optional(
      v.object({
        startedAt: v.number(),
        lastAt: v.number(),
        silent: v.number(),
        watched: v.number(),
      }),
    ),
  }).index("by_workspaceId", ["workspaceId"]),
});
