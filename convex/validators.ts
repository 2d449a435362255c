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
