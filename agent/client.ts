/**
 * The agent's side of the wire: three calls, one answer type. Knows HTTP and what a Rollcall answer looks like;
 * decides nothing about retrying.
 */
import type {
  agentPaths,
  EnrolBody,
  enrolPath as EnrolPath,
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
  /** With an enrolment key in place of the token. */
  enrol(body: EnrolBody, signal: AbortSignal): Promise<Answer<RegisterAnswer>>;
}

export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

export interface PostAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The body, or its beginning where it is longer than any of ours. */
  text: string;
}

/** What the client needs of HTTP: one POST, redirects not followed. Rejects when no answer came. */
export type HttpPost = (request: PostRequest) => Promise<PostAnswer>;

export interface ClientOptions {
  url: string;
  token: string;
  timeoutMs: number;
  version: string;
  httpPost: HttpPost;
}

// Written out, since importing the value would load the server's whole parser into every agent.
const paths: typeof agentPaths = {
  register: "/agent/v1/register",
  heartbeat: "/agent/v1/heartbeat",
  goodbye: "/agent/v1/goodbye",
};

const enrolPath: typeof EnrolPath = "/agent/v1/enrol";

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
    enrol: (body, signal) =>
      post(options, { path: enrolPath, body, signal, isValue: isRegisterAnswer }),
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
    const answer = await options.httpPost({
      url: options.url + call.path,
      headers: {
        authorization: `Bearer ${options.token}`,
        "content-type": "application/json",
        "user-agent": `rollcall-agent/${options.version}`,
      },
      body: JSON.stringify(call.body),
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    const value = parseJson(answer.text);
    if (answer.status === 200 && call.isValue(value)) return { kind: "ok", value };
    return describeRefusal(answer, value, options.url);
  } catch (error) {
    return { kind: "unreachable", message: describeFailure(error, options) };
  }
}

function describeRefusal<T>(
  { status, headers }: PostAnswer,
  value: unknown,
  url: string,
): Answer<T> {
  const message = errorMessage(value);
  if (message !== null || status === 429 || status >= 500) {
    return {
      kind: "refused",
      httpStatus: status,
      message: message ?? `HTTP ${status}`,
      retryAfterMs: parseRetryAfter(headers["retry-after"]),
    };
  }
  return {
    kind: "unreachable",
    message: `${url} answered with HTTP ${status}, but not as Rollcall does. Agents report to the site address (port 3211 by default), not to the page's`,
  };
}

function describeFailure(error: unknown, { url, timeoutMs }: ClientOptions): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return `${url} did not answer within ${timeoutMs / SECOND} s`;
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  return `${url} cannot be reached: ${code ?? (error instanceof Error ? error.message : String(error))}`;
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
function parseRetryAfter(header: string | string[] | undefined): number | null {
  if (typeof header !== "string" || !/^\d+$/.test(header.trim())) return null;
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
