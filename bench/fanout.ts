/** How long after a heartbeat was sent everybody who looks at the list sees its machine online. */
import { ConvexClient } from "convex/browser";
import { startTemporaryInstallation } from "../scripts/lib/temporaryInstallation.ts";
import { api } from "../convex/_generated/api.js";
import { type Benchmark, percentile, round } from "./lib/benchmark.ts";
import { createFleet } from "./lib/fleet.ts";

const MACHINES = 50;
const SUBSCRIBERS = 20;
const DEFAULT_SECONDS = 8;

type Status = "online" | "offline";

export const benchFanout: Benchmark = async ({ seconds }) => {
  const installation = await startTemporaryInstallation();
  try {
    const { jwt, machines } = await createFleet(installation.url, MACHINES);
    const screens = Array.from({ length: SUBSCRIBERS }, () => openScreen(installation.url, jwt));
    const latenciesMs: number[] = [];
    const endAt = performance.now() + (seconds ?? DEFAULT_SECONDS) * 1_000;
    for (let round = 0; performance.now() < endAt; round++) {
      const machine = machines[round % machines.length];
      if (machine === undefined) break;
      const sentAt = performance.now();
      const seen = Promise.all(screens.map((screen) => screen.sees(machine.machineId, "online")));
      await post(`${installation.siteUrl}/agent/v1/heartbeat`, machine.token, {});
      // The first round also waits for the screens' first list: it is not a heartbeat's delay.
      const seenAt = await seen;
      if (round > 0) latenciesMs.push(...seenAt.map((at) => at - sentAt));
      const gone = Promise.all(screens.map((screen) => screen.sees(machine.machineId, "offline")));
      await post(`${installation.siteUrl}/agent/v1/goodbye`, machine.token, { reason: "shutdown" });
      await gone;
    }
    await Promise.all(screens.map((screen) => screen.close()));
    return report(latenciesMs);
  } finally {
    await installation.remove();
  }
};

interface Screen {
  /** Resolves with the time at which the list first shows the machine so. */
  sees(machineId: string, status: Status): Promise<number>;
  close(): Promise<void>;
}

function openScreen(url: string, jwt: string): Screen {
  const client = new ConvexClient(url);
  client.setAuth(async () => jwt);
  const shown = new Map<string, Status>();
  const waiting = new Set<() => void>();
  client.onUpdate(api.machines.list, {}, (machines) => {
    for (const { machineId, status } of machines) shown.set(machineId, status);
    for (const check of waiting) check();
  });
  return {
    sees: (machineId, status) =>
      new Promise((resolve) => {
        const check = () => {
          if (shown.get(machineId) !== status) return;
          waiting.delete(check);
          resolve(performance.now());
        };
        waiting.add(check);
        check();
      }),
    close: () => client.close(),
  };
}

async function post(url: string, token: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  await response.text();
}

function report(latenciesMs: number[]): Awaited<ReturnType<Benchmark>> {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const [p50Ms, p99Ms] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  return {
    table: {
      "heartbeat to screen": {
        subscribers: SUBSCRIBERS,
        heartbeats: sorted.length / SUBSCRIBERS,
        "p50 ms": round(p50Ms),
        "p99 ms": round(p99Ms),
      },
    },
    notes: [
      `${MACHINES} machines in the list; the agents, the screens and the server share the machine.`,
    ],
    json: { subscribers: SUBSCRIBERS, p50Ms: round(p50Ms, 2), p99Ms: round(p99Ms, 2) },
  };
}
