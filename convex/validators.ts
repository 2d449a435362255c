/** Validators that the schema and the functions share. Imports no schema, so that the schema can import it. */
import { v, type Infer } from "convex/values";

export const vStatus = v.union(v.literal("online"), v.literal("offline"));

const stopReasons = [v.literal("shutdown"), v.literal("reboot"), v.literal("upgrade")] as const;
export const vStopReason = v.union(...stopReasons);
export const vIncidentReason = v.union(v.literal("silence"), ...stopReasons);
/** Open: the machine is not back. Acknowledged: open, and somebody has it. */
export const vIncidentState = v.union(
  v.literal("open"),
  v.literal("acknowledged"),
  v.literal("closed"),
);
export type IncidentState = Infer<typeof vIncidentState>;
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
/** Who may sign up after the first account. */
export const vSignUpPolicy = v.union(v.literal("closed"), v.literal("invite"), v.literal("open"));
export type SignUpPolicy = Infer<typeof vSignUpPolicy>;
/** Ways to sign in that the environment can add. */
export const vProviderId = v.union(v.literal("github"), v.literal("oidc"));
export type ProviderId = Infer<typeof vProviderId>;

/** What a code that is sent by e-mail is for. */
export const vCodePurpose = v.union(v.literal("verify"), v.literal("reset"));
export type CodePurpose = Infer<typeof vCodePurpose>;

/** What can be given to somebody: ownership is transferred. */
export const vGivenRole = v.union(v.literal("admin"), v.literal("member"), v.literal("viewer"));

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

/** Who made a key: the name is empty where the account is gone, the role null where the person has left the workspace. */
export const vKeyMaker = v.object({
  userId: v.id("users"),
  name: v.string(),
  role: v.union(vRole, v.null()),
});
export type KeyMaker = Infer<typeof vKeyMaker>;

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
  swapUsage: v.optional(v.number()),
  diskUsage: v.optional(v.number()),
  containerCount: v.optional(v.number()),
  networkRxBytes: v.optional(v.number()),
  networkTxBytes: v.optional(v.number()),
  load1: v.optional(v.number()),
  uptimeSeconds: v.optional(v.number()),
  temperatureC: v.optional(v.number()),
};
export const vDisks = v.array(v.object({ mount: v.string(), usage: v.number() }));
/** `disks` is of the last heartbeat only: samples do not keep it. */
export const vMetrics = v.object({ ...metricFields, disks: v.optional(vDisks) });
export const vGauges = v.record(v.string(), v.number());

export const vAnnouncementKind = v.union(
  v.literal("info"),
  v.literal("maintenance"),
  v.literal("problem"),
  v.literal("resolved"),
);

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
  swapUsage: vStats,
  diskUsage: vStats,
  load1: vStats,
  temperatureC: vStats,
  containerCount: vStats,
  uptimeSeconds: vStats,
  networkRxBytesPerSecond: vStats,
  networkTxBytesPerSecond: vStats,
};

export const vCapacity = v.object({ maxServers: v.optional(v.number()) });

export const vChannelKind = v.union(
  v.literal("webhook"),
  v.literal("telegram"),
  v.literal("email"),
  v.literal("slack"),
  v.literal("discord"),
  v.literal("teams"),
  v.literal("ntfy"),
  v.literal("gotify"),
  v.literal("pushover"),
  v.literal("matrix"),
  v.literal("pagerduty"),
  v.literal("opsgenie"),
  v.literal("template"),
  v.literal("webpush"),
);
export type ChannelKind = Infer<typeof vChannelKind>;

/** Flat, so that a form can be drawn from it; each kind parses its own (notifiers/). */
export const vChannelConfig = v.record(v.string(), v.union(v.string(), v.number(), v.boolean()));
export type ChannelConfig = Infer<typeof vChannelConfig>;

/** What a channel may be told of. A reminder comes where repeatEveryMs is set, not by choice of events. */
const choosableEvents = [
  v.literal("machine.offline"),
  v.literal("machine.online"),
  v.literal("machine.late"),
  v.literal("channel.failing"),
] as const;
export const vChoosableEvent = v.union(...choosableEvents);
export const vEvent = v.union(
  ...choosableEvents,
  v.literal("machine.flapping"),
  v.literal("machine.reminder"),
  v.literal("test"),
);
export type NotificationEvent = Infer<typeof vEvent>;

/** Minutes since local midnight; weekdays from 0 (Sunday), of the evening on which they begin. */
export const vQuietHours = v.object({
  timeZone: v.string(),
  fromMinute: v.number(),
  toMinute: v.number(),
  days: v.optional(v.array(v.number())),
});

/** What a channel is told, when and how often; all optional: see model/preferences.ts for the defaults. */
export const preferenceFields = {
  /** Left out: all but machine.late. */
  events: v.optional(v.array(vChoosableEvent)),
  /** Only machines with one of these; left out or empty, all. */
  tags: v.optional(v.array(v.string())),
  quietHours: v.optional(vQuietHours),
  /** Escalation: told only of what nobody has acknowledged for so long. */
  delayMs: v.optional(v.number()),
  /** Reminders until somebody acknowledges or the machine recovers. */
  repeatEveryMs: v.optional(v.number()),
  groupWindowMs: v.optional(v.number()),
  /** Whether to send again where nobody knows if the message arrived. Left out: yes. */
  retryUncertain: v.optional(v.boolean()),
  /** Left out: on. What an off channel would have been told is logged as suppressed. */
  isOff: v.optional(v.boolean()),
};
export const vPreferences = v.object(preferenceFields);
export type Preferences = Infer<typeof vPreferences>;

/** Why nobody is told, or not now. `until` in milliseconds since 1970. */
export const vSuppression = v.union(
  v.object({ kind: v.literal("paused") }),
  v.object({ kind: v.literal("maintenance"), window: v.string(), until: v.number() }),
  v.object({ kind: v.literal("parentDown"), parent: v.string() }),
  v.object({ kind: v.literal("channelOff") }),
  v.object({ kind: v.literal("channelDeleted") }),
);
export type Suppression = Infer<typeof vSuppression>;

export const vSchedule = v.union(
  v.object({ kind: v.literal("once"), startsAt: v.number(), endsAt: v.number() }),
  v.object({
    kind: v.literal("weekly"),
    timeZone: v.string(),
    days: v.array(v.number()),
    startMinute: v.number(),
    durationMs: v.number(),
    validFrom: v.optional(v.number()),
    validUntil: v.optional(v.number()),
  }),
);

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
  v.literal("uncertain"),
  v.literal("suppressed"),
);

const answerFields = {
  error: v.string(),
  responseStatus: v.union(v.number(), v.null()),
  latencyMs: v.union(v.number(), v.null()),
  retryAfterMs: v.union(v.number(), v.null()),
};

/** How one attempt to send ended. Uncertain: the request left, and nobody knows whether it arrived. */
export const vSendOutcome = v.union(
  v.object({ kind: v.literal("delivered"), responseStatus: v.number(), latencyMs: v.number() }),
  v.object({ kind: v.literal("failed"), isRetryable: v.boolean(), ...answerFields }),
  v.object({ kind: v.literal("uncertain"), ...answerFields }),
);
export type SendOutcome = Infer<typeof vSendOutcome>;

/** One attempt, on record before its request leaves. Without an end it is under way, or nobody knows how it ended. */
export const vAttempt = v.object({
  startedAt: v.number(),
  endedAt: v.optional(v.number()),
  outcome: v.optional(v.union(v.literal("delivered"), v.literal("failed"), v.literal("uncertain"))),
  responseStatus: v.optional(v.number()),
  latencyMs: v.optional(v.number()),
  error: v.optional(v.string()),
});
export type Attempt = Infer<typeof vAttempt>;

const vNumberOrNull = v.union(v.number(), v.null());

/** A delivery as people see it. Times in milliseconds since 1970. */
export const vDelivery = v.object({
  deliveryId: v.id("deliveries"),
  channelId: v.id("channels"),
  channelName: v.string(),
  event: vEvent,
  /** The first of `count` machines; null in tests and in messages about channels. */
  machineName: v.union(v.string(), v.null()),
  count: v.number(),
  state: vDeliveryState,
  suppressedBy: v.union(vSuppression, v.null()),
  heldBy: v.union(v.literal("grouping"), v.literal("quietHours"), v.null()),
  isWaitingForEarlier: v.boolean(),
  attempts: v.number(),
  queuedAt: v.number(),
  nextAttemptAt: vNumberOrNull,
  finishedAt: vNumberOrNull,
  responseStatus: vNumberOrNull,
  latencyMs: vNumberOrNull,
  error: v.union(v.string(), v.null()),
});
