/** Validators that the schema and the functions share. Imports no schema, so that the schema can import it. */
import { v, type Infer } from "convex/values";

export const vStatus = v.union(v.literal("online"), v.literal("offline"));

const stopReasons = [v.literal("shutdown"), v.literal("reboot"), v.literal("upgrade")] as const;
export const vStopReason = v.union(...stopReasons);
export const vIncidentReason = v.union(v.literal("silence"), ...stopReasons);
export const vReason = v.union(
  v.literal("waiting"),
  v.literal("heartbeat"),
  v.literal("silence"),
  ...stopReasons,
);

export const vRole = v.union(
  v.literal("owner"),
  v.literal("admin"),
  v.literal("member"),
  v.literal("viewer"),
);
export type Role = Infer<typeof vRole>;

/** Where a machine is that left the fleet: kept for good, or gone in thirty days. */
export const vShelf = v.union(v.literal("archived"), v.literal("deleted"));
export type Shelf = Infer<typeof vShelf>;

/** Who put it there. What the clean-up removed comes back by itself when it enrols again. */
export const vShelver = v.union(v.literal("person"), v.literal("cleanUp"));
export type Shelver = Infer<typeof vShelver>;

/** One run of an agent, as its token is used: what it called itself and when it was last heard (ms since 1970). */
export const vBoot = v.object({
  bootId: v.string(),
  hostname: v.optional(v.string()),
  ipAddress: v.optional(v.string()),
  lastSeenAt: v.number(),
});
export type Boot = Infer<typeof vBoot>;

/** Two boots that used one token at the same time. */
export const vClash = v.object({ detectedAt: v.number(), boots: v.array(vBoot) });
export type Clash = Infer<typeof vClash>;

/** Why a request that named a known machine was refused. */
export const vRefusalKind = v.union(v.literal("wrongSecret"), v.literal("badBody"));

export const vApiAccess = v.union(v.literal("read"), v.literal("write"));
export type ApiAccess = Infer<typeof vApiAccess>;

/** Who made a change. */
export const vActorKind = v.union(
  v.literal("person"),
  v.literal("apiKey"),
  v.literal("enrolmentKey"),
  v.literal("system"),
);
export type ActorKind = Infer<typeof vActorKind>;

/** What a heartbeat measures: percent 0 to 100, bytes since boot, seconds, degrees Celsius. */
export const metricFields = {
  cpuUsage: v.optional(v.number()),
  memoryUsage: v.optional(v.number()),
  diskUsage: v.optional(v.number()),
  containerCount: v.optional(v.number()),
  networkRxBytes: v.optional(v.number()),
  networkTxBytes: v.optional(v.number()),
  load1: v.optional(v.number()),
  uptimeSeconds: v.optional(v.number()),
  temperatureC: v.optional(v.number()),
};
export const vMetrics = v.object(metricFields);

/** What a machine was in the past: see core/uptime.ts. */
export const vCondition = v.union(
  v.literal("up"),
  v.literal("down"),
  v.literal("stopped"),
  v.literal("waiting"),
  v.literal("maintenance"),
  v.literal("unknown"),
);

export const vResolution = v.union(v.literal("5m"), v.literal("1h"), v.literal("1d"));

/** Least, average, greatest and count of each series of core/rollup.ts, as arrays of four: they are stored by the million. */
const vStats = v.optional(v.array(v.number()));
export const seriesFields = {
  cpuUsage: vStats,
  memoryUsage: vStats,
  diskUsage: vStats,
  load1: vStats,
  temperatureC: vStats,
  containerCount: vStats,
  uptimeSeconds: vStats,
  networkRxBytesPerSecond: vStats,
  networkTxBytesPerSecond: vStats,
};

export const vCapacity = v.object({ maxServers: v.optional(v.number()) });

export const vChannelKind = v.literal("webhook");
export const vWebhookConfig = v.object({ url: v.string(), secret: v.optional(v.string()) });
export type WebhookConfig = Infer<typeof vWebhookConfig>;

export const vEvent = v.union(
  v.literal("machine.offline"),
  v.literal("machine.online"),
  v.literal("test"),
);
export type NotificationEvent = Infer<typeof vEvent>;

/** A machine as it was when the event happened: a retry tomorrow still tells today's story. */
export const vMachineSnapshot = v.object({
  machineId: v.string(),
  name: v.string(),
  hostname: v.union(v.string(), v.null()),
  description: v.string(),
  status: vStatus,
  lastSeenAt: v.union(v.number(), v.null()),
});
export type MachineSnapshot = Infer<typeof vMachineSnapshot>;

export const vDeliveryState = v.union(
  v.literal("queued"),
  v.literal("leased"),
  v.literal("delivered"),
  v.literal("failed"),
  v.literal("suppressed"),
);

/** How one attempt to send ended. */
export const vSendOutcome = v.union(
  v.object({ kind: v.literal("delivered"), responseStatus: v.number(), latencyMs: v.number() }),
  v.object({
    kind: v.literal("failed"),
    isRetryable: v.boolean(),
    error: v.string(),
    responseStatus: v.union(v.number(), v.null()),
    latencyMs: v.union(v.number(), v.null()),
    retryAfterMs: v.union(v.number(), v.null()),
  }),
);
export type SendOutcome = Infer<typeof vSendOutcome>;
