/**
 * The agent's side of the wire: three calls, one answer type. Knows HTTP and what a Rollcall answer looks like;
 * decides nothing about retrying.
 */
import type {
  agentPaths,
  GoodbyeBody,
  HeartbeatAnswer,
  HeartbeatBody,
  RegisterAnswer,
  RegisterBody,
} from "../core/agentApi.ts";
import { HOUR, SECOND } from "../core/time.ts";

export type Answer<T> =
  | { kind: "ok"; value: T }
  /** The server answered and said no. */
  | { kind: "refused"; httpStatus: number; message: string; retryAfterMs: number | null }
  /** No answer, or one that is not Rollcall's (captive portal, proxy, wrong address). */
  | { kind: "unreachable"; message: string };

export interface AgentClient {
  register(body: RegisterBody, signal: AbortSignal): Promise<Answer<RegisterAnswer>>;
  /** One heartbeat goes alone, several as a batch, oldest first. */
  heartbeat(bodies: HeartbeatBody[], signal: AbortSignal): Promise<Answer<HeartbeatAnswer>>;
  goodbye(body: GoodbyeBody, signal: AbortSignal): Promise<Answer<unknown>>;
}

export interface ClientOptions {
  url: string;
  token: string;
  timeoutMs: number;
  version: string;
  fetch: typeof fetch;
}

// Written out, since importing the value would load the server's whole parser into every agent.
const paths: typeof agentPaths = {
  register: "/agent/v1/register",
  heartbeat: "/agent/v1/heartbeat",
  goodbye: "/agent/v1/goodbye",
};

/** More than any answer of ours; what is longer comes from somebody else. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_RETRY_AFTER_MS = HOUR;

/** Calls the agent endpoints under `url`. The calls never reject; every failure is an answer. */
export function createClient(options: ClientOptions): AgentClient {
  return {
    register: (body, signal) =>
      post(options, { path: paths.register, body, signal, isValue: isRegisterAnswer }),
    heartbeat: (bodies, signal) => {
      const body = bodies.length === 1 ? bodies[0] : { heartbeats: bodies };
      return post(options, { path: paths.heartbeat, body, signal, isValue: isHeartbeatAnswer });
    },
    goodbye: (body, signal) =>
      post(options, { path: paths.goodbye, body, signal, isValue: isObject }),
  };
}

interface Call<T> {
  path: string;
  body: unknown;
  signal: AbortSignal;
  isValue: (value: unknown) => value is T;
}

async function post<T>(options: ClientOptions, call: Call<T>): Promise<Answer<T>> {
  try {
    const response = await options.fetch(options.url + call.path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${options.token}`,
        "content-type": "application/json",
        "user-agent": `rollcall-agent/${options.version}`,
      },
      body: JSON.stringify(call.body),
      // A redirect would carry the token to an address that nobody configured.
      redirect: "manual",
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    const value = parseJson(await readText(response));
    if (response.ok && call.isValue(value)) return { kind: "ok", value };
    return describeRefusal(response, value, options.url);
  } catch (error) {
    return { kind: "unreachable", message: describeFailure(error, options) };
  }
}

function describeRefusal<T>(response: Response, value: unknown, url: string): Answer<T> {
  const message = errorMessage(value);
  if (message !== null || response.status === 429 || response.status >= 500) {
    return {
      kind: "refused",
      httpStatus: response.status,
      message: message ?? `HTTP ${response.status}`,
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after")),
    };
  }
  return {
    kind: "unreachable",
    message: `${url} answered with HTTP ${response.status}, but not as Rollcall does. Agents report to the site address (port 3211 by default), not to the page's`,
  };
}

function describeFailure(error: unknown, { url, timeoutMs }: ClientOptions): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return `${url} did not answer within ${timeoutMs / SECOND} s`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : null;
  return `${url} cannot be reached: ${code ?? (cause instanceof Error ? cause.message : String(cause))}`;
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_ANSWER_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not ours: the caller treats it as no value.
    return null;
  }
}

/** Only the number of seconds: the form that our server sends. */
function parseRetryAfter(header: string | null): number | null {
  if (header === null || !/^\d+$/.test(header.trim())) return null;
  return Math.min(Number(header) * SECOND, MAX_RETRY_AFTER_MS);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRegisterAnswer(value: unknown): value is RegisterAnswer {
  return isObject(value) && typeof value.machineId === "string" && typeof value.name === "string";
}

function isHeartbeatAnswer(value: unknown): value is HeartbeatAnswer {
  return isObject(value) && value.status === "online";
}

function errorMessage(value: unknown): string | null {
  if (!isObject(value) || !isObject(value.error)) return null;
  const { message } = value.error;
  return typeof message === "string" ? message : null;
}
