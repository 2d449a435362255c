/** How long `npm start` takes, on a database with a day of history, until the first heartbeat is answered. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../scripts/lib/temporaryInstallation.ts";
import { type Benchmark, percentile, round } from "./lib/benchmark.ts";
import { fill } from "./lib/fill.ts";
import { createFleet } from "./lib/fleet.ts";
import { cpuSeconds, rssMb } from "./lib/usage.ts";

const MACHINES = 10_000;
/** By default so many that filling does not take longer than measuring; `--full` is the day that is kept. */
const SAMPLES = 500_000;
const FULL_SAMPLES = 10_000_000;
const STARTS = 3;
const ASK_EVERY_MS = 10;
const LIMIT_MS = 120_000;

export const benchStart: Benchmark = async ({ full }) => {
  const samples = full ? FULL_SAMPLES : SAMPLES;
  const installation = await startTemporaryInstallation();
  try {
    const { machines } = await createFleet(installation.url, 1);
    const token = machines[0]?.token ?? "";
    await untilAnswered(installation, token);
    await installation.stop();
    fill(installation.dataDir, { machines: MACHINES, samples });
    const sizeMb = statSync(join(installation.dataDir, "rows.sqlite")).size / 2 ** 20;
    const tookMs: number[] = [];
    for (let n = 0; n < STARTS; n++) {
      const startedAt = performance.now();
      const [answeredAt] = await Promise.all([
        untilAnswered(installation, token),
        installation.start(),
      ]);
      tookMs.push(answeredAt - startedAt);
      if (n < STARTS - 1) await installation.stop();
    }
    const readyMs = Math.round(
      percentile(
        tookMs.toSorted((a, b) => a - b),
        0.5,
      ),
    );
    return {
      table: {
        start: {
          machines: MACHINES,
          samples,
          "database MB": Math.round(sizeMb),
          "ready ms": readyMs,
          "backend cpu s": round(cpuSeconds(installation.backendPid())),
          "rss MB": Math.round(rssMb(installation.backendPid())),
        },
      },
      notes: [
        `The median of ${STARTS} starts, from the command to the first heartbeat's answer; the file is in the system's cache.`,
        ...(full ? [] : [`With --full: ${FULL_SAMPLES.toLocaleString("en")} samples.`]),
      ],
      json: { readyMs },
    };
  } finally {
    await installation.remove();
  }
};

/** Sends heartbeats until one is answered with 200, and says when that was. */
async function untilAnswered({ siteUrl }: TemporaryInstallation, token: string): Promise<number> {
  const deadlineAt = performance.now() + LIMIT_MS;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ metrics: { cpuUsage: 12.5, memoryUsage: 42.5, diskUsage: 71.2 } });
  while (performance.now() < deadlineAt) {
    const sent = fetch(`${siteUrl}/agent/v1/heartbeat`, { method: "POST", headers, body });
    const response = await sent.catch(() => null);
    await response?.text();
    if (response?.ok === true) return performance.now();
    await sleep(ASK_EVERY_MS);
  }
  throw new Error("No heartbeat was answered");
}
