/** A clock that jumps, a server that is a list of answers, and the machine web-1, for the agent's tests. */
import type { HeartbeatBody, RegisterBody } from "../../core/agentApi.ts";
import type { AgentClient, Answer } from "../../agent/client.ts";
import { type AgentOptions, type Clock, runAgent } from "../../agent/loop.ts";

export const WEB_1 = { machineId: "web1web1web1web1web1w", secret: "s".repeat(32) };
export const TOKEN = `${WEB_1.machineId}:${WEB_1.secret}`;

export interface Call {
  atMs: number;
  kind: "register" | "heartbeat" | "goodbye";
  body: unknown;
}

type AnyAnswer = Answer<Record<string, unknown>>;
/** Decides what the server says to a call; the number counts calls of this kind from 1. */
export type Script = (call: Call, count: number) => AnyAnswer;

export const refused = (httpStatus: number, retryAfterMs: number | null = null): AnyAnswer => ({
  kind: "refused",
  httpStatus,
  message: `refused with ${httpStatus}`,
  retryAfterMs,
});
export const unreachable: AnyAnswer = { kind: "unreachable", message: "connection refused" };
export const accepted: AnyAnswer = {
  kind: "ok",
  value: { machineId: WEB_1.machineId, name: "web-1", status: "online" },
};

/** Runs the agent for `forMs` of pretended time and returns what the server saw and the log. */
export async function runFor(
  forMs: number,
  script: Script,
  overrides: Partial<AgentOptions> = {},
): Promise<{ calls: Call[]; log: string[]; end: string }> {
  const stop = new AbortController();
  let nowMs = 0;
  const clock: Clock = {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs,
    async sleep(ms) {
      nowMs += Math.max(ms, 1);
      if (nowMs >= forMs) stop.abort();
    },
  };
  const calls: Call[] = [];
  const log: string[] = [];
  const answerTo = (kind: Call["kind"], body: unknown): AnyAnswer => {
    const call = { atMs: nowMs, kind, body };
    calls.push(call);
    return script(call, calls.filter((other) => other.kind === kind).length);
  };
  const end = await runAgent({
    client: {
      register: async (body) => answerTo("register", body),
      heartbeat: async (bodies) => answerTo("heartbeat", bodies),
      goodbye: async (body) => answerTo("goodbye", body),
      enrol: async () => unreachable,
    } as AgentClient,
    registration: (): RegisterBody => ({ hostname: "web-1" }),
    collect: async (): Promise<HeartbeatBody> => ({ timestamp: nowMs, metrics: { cpuUsage: 12 } }),
    intervalMs: 60_000,
    maxFailures: 3,
    clock,
    random: () => 0,
    log: (level, message) => log.push(`${level} ${message}`),
    signal: stop.signal,
    goodbyeReason: () => "shutdown",
    ...overrides,
  });
  return { calls, log, end };
}

export const timesOf = (calls: Call[], kind: Call["kind"]): number[] =>
  calls.filter((call) => call.kind === kind).map((call) => call.atMs);
