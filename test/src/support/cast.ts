/** The cast on the page: Alice, who owns, and her machines. Times are relative to NOW. */
import {
  type Account,
  type Channel,
  type Delivery,
  type Incident,
  type MachineDetails,
  type MachineRow,
  type Me,
  type Pulse,
} from "@/lib/backend.ts";

export const NOW = Date.UTC(2026, 9, 2, 12, 0, 0);

export const alice: Me = {
  email: "alice@example.com",
  name: "Alice",
  workspace: {
    workspaceId: "w1" as Me["workspace"]["workspaceId"],
    name: "Alice's fleet",
    role: "owner",
  },
};

export const aliceAccount: Account = {
  email: "alice@example.com",
  name: "Alice",
  isEmailVerified: false,
  hasPassword: true,
  providers: [],
};

export const installation = {
  hasOwner: true,
  signUpsOpen: false,
  signUps: "invite",
  canSendMail: false,
  providers: [],
  isDemo: false,
  siteUrl: "http://localhost:3211",
};

/** A machine id of the right shape from a short name. */
export function idOf(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]/g, "-")}${"_".repeat(21)}`.slice(0, 21);
}

/** Its address is not known, nobody paused it, and nobody else uses its token. */
const undisturbed = { ipAddress: null, arch: null, pausedAt: null, clashedAt: null };
/** It was neither archived nor deleted. */
const inTheFleet = { shelf: null, purgeAt: null, clash: null, rotation: null };

/** A machine that beats; say what is different about it. */
export function machine(name: string, differences: Partial<MachineRow> = {}): MachineRow {
  return {
    ...undisturbed,
    machineId: idOf(name),
    name,
    description: "",
    tags: [],
    status: "online",
    reason: "heartbeat",
    since: NOW - 3_600_000,
    lastSeen: NOW - 4_000,
    assistantCount: null,
    hostname: `${name}.internal`,
    version: "1.4.0",
    os: "linux",
    rootDirectory: null,
    heartbeatIntervalMs: 30_000,
    offlineThresholdMs: 120_000,
    createdAt: NOW - 86_400_000,
    ...differences,
  };
}

export const states = {
  waiting: { status: "offline", reason: "waiting", lastSeen: null, hostname: null, version: null },
  online: {},
  late: { lastSeen: NOW - 80_000 },
  offline: { status: "offline", reason: "silence", lastSeen: NOW - 200_000, since: NOW - 80_000 },
  stopped: { status: "offline", reason: "shutdown", lastSeen: NOW - 500_000 },
} satisfies Record<string, Partial<MachineRow>>;

export function pulse(name: string, differences: Partial<Pulse> = {}): Pulse {
  return {
    machineId: idOf(name),
    lastHeartbeatAt: NOW - 4_000,
    cpuUsage: 42,
    memoryUsage: 63,
    diskUsage: 71,
    assistantCount: 2,
    containerCount: 3,
    clockSkewMs: 12,
    ...differences,
  };
}

/** What only a machine's own page shows of its pulse: here, nothing. */
export const fewMeasurements = { swapUsage: null, disks: [], gauges: {} };

/** The pulse of a machine that never beat. */
function emptyPulse(machineId: string): Pulse {
  return {
    machineId,
    lastHeartbeatAt: null,
    cpuUsage: null,
    memoryUsage: null,
    diskUsage: null,
    assistantCount: null,
    containerCount: null,
    clockSkewMs: null,
  };
}

export function details(
  row: MachineRow,
  differences: Partial<MachineDetails> = {},
): MachineDetails {
  return {
    ...inTheFleet,
    ...row,
    ipAddress: "10.0.0.4",
    arch: "x64",
    capacity: null,
    metadata: null,
    pulse: {
      ...fewMeasurements,
      ...(row.lastSeen === null
        ? emptyPulse(row.machineId)
        : pulse(row.name, { machineId: row.machineId, lastHeartbeatAt: row.lastSeen })),
    },
    ...differences,
  };
}

export function channel(differences: Partial<Channel> = {}): Channel {
  return {
    channelId: "c1" as Channel["channelId"],
    kind: "webhook",
    isPersonal: false,
    name: "On-call chat",
    target: "https://hooks.example.com",
    hasSecret: true,
    config: {},
    secretsSet: ["url", "secret"],
    preferences: {
      events: ["machine.offline", "machine.online", "channel.failing"],
      tags: [],
      quietHours: null,
      delayMs: 0,
      repeatEveryMs: null,
      groupWindowMs: 20_000,
      retryUncertain: true,
      isOff: false,
    },
    createdAt: NOW - 86_400_000,
    lastDelivery: null,
    lastSuccessAt: null,
    failingSince: null,
    setupError: null,
    ...differences,
  };
}

export function delivery(id: string, differences: Partial<Delivery> = {}): Delivery {
  return {
    deliveryId: id as Delivery["deliveryId"],
    channelId: "c1" as Delivery["channelId"],
    event: "machine.offline",
    machineName: "web-1",
    count: 1,
    channelName: "On-call chat",
    state: "delivered",
    suppressedBy: null,
    heldBy: null,
    isWaitingForEarlier: false,
    attempts: 1,
    queuedAt: NOW - 60_000,
    nextAttemptAt: null,
    finishedAt: NOW - 59_000,
    responseStatus: 200,
    latencyMs: 310,
    error: null,
    ...differences,
  };
}

export function incident(id: string, differences: Partial<Incident> = {}): Incident {
  return {
    incidentId: id as Incident["incidentId"],
    machineId: idOf("web-1"),
    machineName: "web-1",
    openedAt: NOW - 600_000,
    noticedAt: NOW - 598_000,
    closedAt: null,
    reason: "silence",
    isFlapping: false,
    suppressedBy: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    snoozedUntil: null,
    snoozedBy: null,
    followUpAt: null,
    ...differences,
  };
}

export function pageOf<Item>(items: Item[]) {
  return { page: items, isDone: true, continueCursor: "" };
}
