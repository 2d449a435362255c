/** Agents by the thousand in one process: real HTTP, one heartbeat an interval each, jittered as the agent's are. */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Heartbeats that are due within one step leave together. */
const STEP_MS = 50;
/** Real agents have a connection each; here they share some, as behind a proxy. */
const SOCKETS = 128;
const JITTER = 0.1;
const TIMEOUT_MS = 10_000;

export interface SimulatorCounts {
  sent: number;
  /** Answered with 200: the server has promised to have stored it. */
  acknowledged: number;
  /** Other answers by status, and requests without one under "none". */
  failed: Record<string, number>;
  /** Acknowledged heartbeats of each machine, in the order of the tokens. */
  perMachine: Uint32Array;
}

/** Beats for `seconds`, then waits for the last answers. `onStep` is called about twenty times a second. */
export async function simulate({
  port,
  tokens,
  intervalMs,
  seconds,
  onStep = () => undefined,
}: {
  port: number;
  tokens: readonly string[];
  intervalMs: number;
  seconds: number;
  onStep?: (elapsedMs: number) => void;
}): Promise<SimulatorCounts> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const counts: SimulatorCounts = {
    sent: 0,
    acknowledged: 0,
    failed: {},
    perMachine: new Uint32Array(tokens.length),
  };
  const dueAt = Float64Array.from(tokens, () => Math.random() * intervalMs);
  const startedAt = performance.now();
  const flying = new Set<Promise<void>>();
  for (let elapsedMs = 0; elapsedMs < seconds * 1_000; elapsedMs = performance.now() - startedAt) {
    for (const [index, token] of tokens.entries()) {
      if ((dueAt[index] ?? 0) > elapsedMs) continue;
      dueAt[index] = elapsedMs + intervalMs * (1 + (Math.random() * 2 - 1) * JITTER);
      counts.sent++;
      const one = beat({ agent, port, token }).then((outcome) => {
        flying.delete(one);
        if (outcome !== "200") counts.failed[outcome] = (counts.failed[outcome] ?? 0) + 1;
        else {
          counts.acknowledged++;
          counts.perMachine[index] = (counts.perMachine[index] ?? 0) + 1;
        }
      });
      flying.add(one);
    }
    onStep(elapsedMs);
    await sleep(STEP_MS);
  }
  await Promise.all(flying);
  agent.destroy();
  return counts;
}

/** Resolves with the status, or "none" where there was no answer. */
async function beat(options: { agent: Agent; port: number; token: string }): Promise<string> {
  const { agent, port, token } = options;
  const body = JSON.stringify({ timestamp: Date.now(), metrics: metrics() });
  return await new Promise((resolve) => {
    const sending = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        method: "POST",
        path: "/agent/v1/heartbeat",
        timeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume().on("end", () => resolve(String(response.statusCode)));
      },
    );
    sending.on("timeout", () => sending.destroy()).on("error", () => resolve("none"));
    sending.end(body);
  });
}

/** What the agent measures. */
function metrics() {
  const percent = () => Math.round(Math.random() * 1_000) / 10;
  return {
    cpuUsage: percent(),
    memoryUsage: percent(),
    diskUsage: percent(),
    load1: percent() / 20,
    containerCount: 7,
    networkRxBytes: Math.round(Date.now() * 1.3),
    networkTxBytes: Math.round(Date.now() * 0.7),
    uptimeSeconds: Math.round(Date.now() / 1_000) % 10_000_000,
  };
}
