/**
 * What the REST API takes and gives, as zod schemas: requests are parsed with them, and the OpenAPI document is made
 * of them. All times are milliseconds since 1970.
 */
import * as z from "zod";
import { hasControlCharacters } from "../agentApi.ts";
import { seriesNames } from "../rollup.ts";
import { DAY, isInstant, MINUTE } from "../time.ts";

const time = z.number().meta({ description: "Milliseconds since 1970." });
const timeOrNull = time.nullable();
const text = z.string().nullable();

/** As a query parameter: digits or ISO 8601. */
const moment = z
  .string()
  .max(64)
  .refine((value) => isInstant(toTime(value)), "must be milliseconds since 1970 or ISO 8601")
  .transform(toTime)
  .meta({ description: "Milliseconds since 1970, or ISO 8601.", examples: ["2026-10-02T03:14Z"] });

const limit = z.coerce.number().int().min(1).max(500).default(100).meta({
  description: "How many rows at most.",
});
const cursor = z.string().max(4_000).meta({ description: "nextCursor of the page before." });
const nextCursor = z
  .string()
  .nullable()
  .meta({ description: "For the next page; null where this is the last." });

export const machineId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{21}$/, "must be a nanoid of 21 characters");
const status = z.enum(["online", "offline"]);
const reason = z.enum(["waiting", "heartbeat", "silence", "shutdown", "reboot", "upgrade"]).meta({
  description: "Why it is so: waiting for its first heartbeat, silent, or stopped by itself.",
});

export const machineRow = z.object({
  machineId: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  hostname: text,
  version: text,
  status,
  reason,
  since: time.meta({ description: "Since when it has been so." }),
  lastSeen: timeOrNull.meta({
    description: "The last heartbeat; null where never seen, or with at.",
  }),
});
export type MachineRow = z.infer<typeof machineRow>;

const share = z.number().min(0).max(1).nullable().meta({
  description: "Share of the time that counts; null where none does.",
});

export const machine = machineRow.extend({
  ipAddress: text,
  os: text,
  arch: text,
  rootDirectory: text,
  capacity: z.object({ maxServers: z.number().optional() }).nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  heartbeatIntervalMs: z.number(),
  offlineThresholdMs: z.number(),
  assistantCount: z.number().nullable(),
  metrics: z.record(z.string(), z.number()).meta({ description: "As of the last heartbeat." }),
  disks: z
    .array(z.object({ mount: z.string(), usage: z.number().meta({ description: "Percent." }) }))
    .meta({ description: "File systems, as of the last heartbeat; none where it named none." }),
  gauges: z.record(z.string(), z.number()).meta({
    description: "Free gauges by name, as the machine last reported them.",
  }),
  uptime: z.object({ last24Hours: share, last30Days: share, last90Days: share }),
  createdAt: time,
});
export type Machine = z.infer<typeof machine>;

export const machinesQuery = z.strictObject({
  status: status.optional(),
  tag: z.string().max(40).optional(),
  activeWithinMinutes: z.coerce
    .number()
    .min(0)
    .max(DAY / MINUTE)
    .optional()
    .meta({ description: "Only machines with a heartbeat in the last so many minutes (S0.5: 5)." }),
  at: moment.optional().meta({ description: "The fleet as it was then, under today's names." }),
  limit,
  cursor: cursor.optional(),
});
export const machinesAnswer = z.object({ machines: z.array(machineRow), nextCursor });

export const noQuery = z.strictObject({});

export const countsAnswer = z.object({
  active: z.number().meta({ description: "Machines that are online." }),
  total: z.number(),
});

export const metricsQuery = z.strictObject({
  from: moment.optional().meta({ description: "Left out: an hour before to." }),
  to: moment.optional().meta({ description: "Left out: now." }),
  resolution: z.enum(["raw", "5m", "1h", "1d"]).optional().meta({
    description: "Left out: the finest that fits into 1,000 points.",
  }),
});
const stats = z.object({ min: z.number(), avg: z.number(), max: z.number() });
const point = z.object({
  at: time,
  beats: z.number().meta({ description: "Heartbeats in it." }),
  ...(Object.fromEntries(seriesNames.map((name) => [name, stats.optional()])) as Record<
    (typeof seriesNames)[number],
    z.ZodOptional<typeof stats>
  >),
});
export const metricsAnswer = z.object({
  machineId: z.string(),
  resolution: z.enum(["raw", "5m", "1h", "1d"]),
  stepMs: z.number().meta({ description: "The time that a point stands for, from its at on." }),
  points: z
    .array(point)
    .meta({ description: "1,000 at most; none where there were no heartbeats." }),
});

export const incidentsQuery = z.strictObject({
  state: z.enum(["open", "closed"]).optional(),
  machineId: machineId.optional(),
  limit,
  cursor: cursor.optional(),
});
export const incident = z.object({
  incidentId: z.string(),
  machineId: z.string(),
  machineName: z.string(),
  openedAt: time,
  closedAt: timeOrNull,
  reason: z.enum(["silence", "shutdown", "reboot", "upgrade"]),
});
export type Incident = z.infer<typeof incident>;
export const incidentsAnswer = z.object({ incidents: z.array(incident), nextCursor });

export const ledgerQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({
    description: "The sequence of the last row that you have; left out, from the beginning.",
  }),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000).meta({
    description: "How many rows at most. Fewer come at the end of the chain only.",
  }),
});

export const versionsAnswer = z.object({
  versions: z.array(
    z.object({
      version: text,
      machines: z.number(),
      lastSeen: timeOrNull.meta({ description: "The most recent heartbeat among them." }),
    }),
  ),
});

export const healthAnswer = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  version: z.string(),
  database: z.enum(["ok", "unavailable"]),
  sweepAgeMs: z.number().nullable().meta({ description: "Since the monitor last looked." }),
  machines: z
    .object({ active: z.number(), total: z.number() })
    .nullable()
    .meta({ description: "Of the whole installation." }),
  instances: z
    .array(
      z.object({
        machineId: z.string(),
        name: z.string(),
        hostname: text,
        version: text,
        lastSeen: timeOrNull,
      }),
    )
    .optional()
    .meta({
      description: "With a key: the machines of its workspace that are online, 1,000 at most.",
    }),
});

export const statusAnswer = z.object({
  title: z.string(),
  description: z.string(),
  overall: z.enum(["operational", "partial", "down", "maintenance", "unknown"]),
  items: z.array(
    z.object({
      itemId: z.string(),
      name: z.string(),
      status: z.enum(["operational", "down", "maintenance", "stopped", "unknown"]),
      since: timeOrNull.meta({ description: "Since when it has been so." }),
      days: z
        .array(share)
        .meta({ description: "Uptime of the last 90 days (UTC), the last of them today." }),
      last30Days: share,
      last90Days: share,
    }),
  ),
  incidents: z
    .array(z.object({ itemId: z.string(), openedAt: time, closedAt: timeOrNull }))
    .meta({ description: "Of the last thirty days, latest first." }),
  announcements: z.array(
    z.object({
      kind: z.enum(["info", "maintenance", "problem", "resolved"]),
      title: z.string(),
      text: z.string(),
      startsAt: time,
      endsAt: timeOrNull,
    }),
  ),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;

export const badgeQuery = z.strictObject({
  metric: z.enum(["status", "last30Days", "last90Days"]).default("status"),
});

const settings = {
  description: z.string().max(500).optional(),
  tags: z.array(z.string().min(1).max(40)).max(20).optional(),
  heartbeatIntervalMs: z.number().int().optional(),
  offlineThresholdMs: z.number().int().optional(),
};
export const newMachine = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine((value) => !hasControlCharacters(value), "must not contain control characters"),
  machineId: machineId.optional().meta({ description: "Left out, one is made." }),
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{32,128}$/, "must be a nanoid of 32 characters or more")
    .optional()
    .meta({ description: "Left out, one is made." }),
  ...settings,
});
export const newMachineAnswer = z.object({
  machineId: z.string(),
  token: z.string().meta({ description: "machineId:secret, told this once." }),
});

function toTime(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : new Date(value).getTime();
}
