/**
 * The wire contract between agents and server: bodies, answers, limits, errors. The server parses with it, the agent
 * builds with it. Unknown fields are ignored, so that old servers take new agents.
 */
import * as z from "zod";
import { GAUGE_NAME_RULE, isGaugeName, MAX_DISKS, MAX_GAUGES } from "./gauges.ts";
import { DAY } from "./time.ts";
import { isMachineId } from "./token.ts";

export const MAX_BODY_BYTES = 64 * 1024;
/** Deeper JSON than this is refused before anything recursive looks at it. */
export const MAX_NESTING = 20;
export const MAX_HEARTBEATS_PER_REQUEST = 100;
export const MAX_METADATA_BYTES = 8 * 1024;
/** More is said of nothing: whoever sends so many mistakes mends the first ones first. */
const MAX_ISSUES = 20;

export const agentPaths = {
  register: "/agent/v1/register",
  heartbeat: "/agent/v1/heartbeat",
  goodbye: "/agent/v1/goodbye",
} as const;
/** Called with an enrolment key instead of a token. */
export const enrolPath = "/agent/v1/enrol" as const;

/** They corrupt terminals, logs and messages. */
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether a text contains characters that steer a terminal or break a line. */
export function hasControlCharacters(text: string): boolean {
  return controlCharacters.test(text);
}

const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .max(maxLength)
    .refine((value) => !hasControlCharacters(value), "must not contain control characters");
const percent = z.number().min(0).max(100);
const amount = z.number().min(0);
const count = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine((value) => Number.isInteger(value), "must be a whole number");
const timestamp = z
  .union([z.number(), z.string().max(64)])
  .refine(
    (value) => !Number.isNaN(new Date(value).getTime()),
    "must be a date: milliseconds since 1970 or ISO 8601",
  )
  .transform((value) => new Date(value).getTime());

export const registerBody = z.object({
  hostname: text(253).min(1),
  ipAddress: text(64).optional(),
  os: text(200).optional(),
  arch: text(50).optional(),
  version: text(100).optional(),
  rootDirectory: text(1024).optional(),
  capacity: z.object({ maxServers: count.optional() }).optional(),
  bootId: text(128).optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .refine(
      (value) => new TextEncoder().encode(JSON.stringify(value)).length <= MAX_METADATA_BYTES,
      `must be at most ${MAX_METADATA_BYTES} bytes as JSON`,
    )
    .optional(),
});

/**
 * A machine that adds itself. It makes its own id and secret and sends the secret's SHA-256 in hex. `instanceId` is what
 * it is to itself (S0.2): enrolling again under it is the same machine with a new secret.
 */
export const enrolBody = z.object({
  machineId: z.string().refine(isMachineId, "must be 21 characters of A–Z, a–z, 0–9, _ and -"),
  secretHash: z
    .string()
    .refine((value) => /^[0-9a-f]{64}$/.test(value), "must be a SHA-256 in lower-case hex"),
  instanceId: text(200).min(1).optional(),
  name: text(100).min(1).optional(),
  hostname: text(253).min(1).optional(),
});

const metrics = z.object({
  cpuUsage: percent.optional(),
  memoryUsage: percent.optional(),
  swapUsage: percent.optional(),
  diskUsage: percent.optional(),
  /** Every file system, by where it is mounted; `diskUsage` is the one that matters most. */
  disks: z
    .array(z.object({ mount: text(255).min(1), usage: percent }))
    .max(MAX_DISKS)
    .optional(),
  containerCount: count.optional(),
  networkRxBytes: amount.optional(),
  networkTxBytes: amount.optional(),
  load1: amount.optional(),
  uptimeSeconds: amount.optional(),
  temperatureC: z.number().min(-273.15).max(1_000).optional(),
});

/** Whatever else is worth counting: a name and its number. */
const gauges = z
  .record(z.string().refine(isGaugeName, GAUGE_NAME_RULE), z.number())
  .refine((value) => Object.keys(value).length <= MAX_GAUGES, `must be at most ${MAX_GAUGES}`);

const heartbeatBody = z.object({
  timestamp: timestamp.optional(),
  sequence: count.optional(),
  bootId: text(128).optional(),
  version: text(100).optional(),
  assistantCount: count.optional(),
  gauges: gauges.optional(),
  metrics: metrics.optional(),
});

const heartbeatBatchBody = z.object({
  heartbeats: z.array(heartbeatBody).min(1).max(MAX_HEARTBEATS_PER_REQUEST),
});

export const goodbyeBody = z.object({
  reason: z.enum(["shutdown", "reboot", "upgrade"]),
  expectedBackInMs: z
    .number()
    .min(0)
    .max(7 * DAY)
    .optional(),
});

/** What an agent sends. Timestamps go out as milliseconds since 1970 or ISO 8601. */
export type RegisterBody = z.input<typeof registerBody>;
export type HeartbeatBody = z.input<typeof heartbeatBody>;
export type EnrolBody = z.input<typeof enrolBody>;
export type GoodbyeBody = z.input<typeof goodbyeBody>;
/** What the server works with: trimmed, timestamps in milliseconds. */
export type Heartbeat = z.output<typeof heartbeatBody>;
export type Goodbye = z.output<typeof goodbyeBody>;
export type Enrolment = z.output<typeof enrolBody>;

/** To `register` and to `enrol`. After enrolling, the machine's id is the one in the answer, not the one proposed. */
export interface RegisterAnswer {
  machineId: string;
  name: string;
  heartbeatIntervalMs: number;
  serverTime: number;
}

export interface HeartbeatAnswer {
  status: "online";
  nextHeartbeatMs: number;
  serverTime: number;
  /** Agent's clock minus ours in milliseconds; null when the agent sent no timestamp. */
  clockSkewMs: number | null;
  /** What was known but stood in the wrong place and was therefore not stored; left out where there is none. */
  ignored?: Issue[];
}

export interface Issue {
  path: string;
  message: string;
}

export interface ErrorAnswer {
  error: { code: AgentErrorCode; message: string; issues?: Issue[] };
}

/** `retry`: whether the agent sends the same again; `stop`: whether it gives up for good. */
export const agentErrors = {
  badRequest: { httpStatus: 400, retry: false, stop: false },
  unauthorized: { httpStatus: 401, retry: false, stop: false },
  duplicateMachineId: { httpStatus: 409, retry: false, stop: false },
  machineDeleted: { httpStatus: 410, retry: false, stop: true },
  tooLarge: { httpStatus: 413, retry: false, stop: false },
  notStorable: { httpStatus: 422, retry: false, stop: false },
  rateLimited: { httpStatus: 429, retry: true, stop: false },
  unavailable: { httpStatus: 503, retry: true, stop: false },
} as const;

export type AgentErrorCode = keyof typeof agentErrors;

/** `ignored`: accepted, but not all of it. */
export type Parsed<T> =
  | { ok: true; value: T; ignored?: Issue[] }
  | { ok: false; code: "badRequest" | "notStorable"; issues: Issue[] };

/** Parses a body that is already JSON. Wrong types are `badRequest`; right types with unusable values `notStorable`. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const { issues } = result.error;
  return {
    ok: false,
    code: issues.some(isWrongShape) ? "badRequest" : "notStorable",
    issues: issues.slice(0, MAX_ISSUES).map((issue) => ({
      path: issue.path.join("."),
      // Of a bad key zod says only that it is bad; why is one level down.
      message: (issue.code === "invalid_key" && issue.issues[0]?.message) || issue.message,
    })),
  };
}

/** One heartbeat, a batch, or an empty object for a bare one: always a list, oldest first. */
export function parseHeartbeats(body: unknown): Parsed<Heartbeat[]> {
  const isBatch = typeof body === "object" && body !== null && "heartbeats" in body;
  const parsed = isBatch ? parseBody(heartbeatBatchBody, body) : parseBody(heartbeatBody, body);
  if (!parsed.ok) return parsed;
  const value = "heartbeats" in parsed.value ? parsed.value.heartbeats : [parsed.value];
  const ignored = misplacedFields(body as SentHeartbeats).slice(0, MAX_ISSUES);
  return { ok: true, value, ...(ignored.length > 0 && { ignored }) };
}

/** A body that has passed the schema: every field that is there has the right type, and more may be there. */
type SentHeartbeat = Record<string, unknown> & { metrics?: Record<string, unknown> };
type SentHeartbeats = SentHeartbeat & { heartbeats?: SentHeartbeat[] };

/**
 * Unknown fields are those of newer agents and pass in silence. A known one in the wrong place is a mistake, and its
 * value would be missed without a word.
 */
function misplacedFields(body: SentHeartbeats): Issue[] {
  const { heartbeats } = body;
  if (heartbeats === undefined) return misplacedIn(body, "");
  return [
    ...Object.keys(body)
      .filter((name) => isMetric(name) || isOwnField(name))
      .map((name) => ({ path: name, message: "belongs inside the heartbeats" })),
    ...heartbeats.flatMap((heartbeat, index) => misplacedIn(heartbeat, `heartbeats.${index}.`)),
  ];
}

const metricNames: ReadonlySet<string> = new Set(Object.keys(metrics.shape));
const ownNames: ReadonlySet<string> = new Set(Object.keys(heartbeatBody.shape));
const isMetric = (name: string) => metricNames.has(name);
const isOwnField = (name: string) => ownNames.has(name);

function misplacedIn(heartbeat: SentHeartbeat, prefix: string): Issue[] {
  const outside = Object.keys(heartbeat).filter(isMetric);
  const inside = Object.keys(heartbeat.metrics ?? {}).filter(isOwnField);
  return [
    ...outside.map((name) => ({ path: prefix + name, message: "belongs inside metrics" })),
    ...inside.map((name) => ({
      path: `${prefix}metrics.${name}`,
      message: "belongs beside metrics",
    })),
  ];
}

/** A number that is out of range, even infinite (1e999 in JSON), is a number: only other types are a wrong shape. */
function isWrongShape(issue: z.core.$ZodIssue): boolean {
  switch (issue.code) {
    case "invalid_type":
      return typeof issue.input !== "number" || issue.expected !== "number";
    case "invalid_union":
      return typeof issue.input !== "number";
    case "invalid_value":
      return true;
    default:
      return false;
  }
}
