/**
 * A fleet that beats for long: whether a heartbeat gets lost, a machine is called silent that is not, memory grows, or
 * the file grows more than its rows. An hour is `--seconds 3600`; machines and interval come from SOAK_MACHINES and
 * SOAK_INTERVAL_SECONDS.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ConvexHttpClient } from "convex/browser";
import type { FunctionReturnType } from "convex/server";
import { api } from "../convex/_generated/api.js";
import { startTemporaryInstallation } from "../scripts/lib/temporaryInstallation.ts";
import { type Benchmark, type BenchmarkResult, round } from "./lib/benchmark.ts";
import { createFleet, type Fleet, signInAgain } from "./lib/fleet.ts";
import { SERVER_CPU } from "./lib/load.ts";
import { simulate, type SimulatorCounts } from "./lib/simulator.ts";
import { cpuSeconds, rssMb } from "./lib/usage.ts";

const MACHINES = Number(process.env.SOAK_MACHINES ?? 10_000);
const INTERVAL_MS = Number(process.env.SOAK_INTERVAL_SECONDS ?? 30) * 1_000;
const DEFAULT_SECONDS = 60;
const LOOK_EVERY_MS = 5_000;
/** Machines whose stored samples are counted. */
const COUNTED = 200;
const TELL_EVERY_LOOKS = 60;
const HOUR_MS = 3_600_000;

interface CpuLook {
  elapsedMs: number;
  /** Processor time so far. */
  seconds: number;
}

interface Look {
  rssMb: number;
  fileMb: number;
}

export const benchSoak: Benchmark = async ({ seconds }) => {
  const installation = await startTemporaryInstallation({ cpu: SERVER_CPU });
  try {
    const fleet = await createFleet(installation.url, MACHINES);
    const pid = installation.backendPid();
    const looks: Look[] = [];
    const look = () => {
      const seen = { rssMb: rssMb(pid), fileMb: folderMb(installation.dataDir) };
      looks.push(seen);
      if (looks.length % TELL_EVERY_LOOKS !== 0) return;
      const minutes = (looks.length * LOOK_EVERY_MS) / 60_000;
      console.error(
        `${minutes} min: ${Math.round(seen.rssMb)} MB of memory, ${Math.round(seen.fileMb)} MB of files`,
      );
    };
    look();
    const measuredSeconds = seconds ?? DEFAULT_SECONDS;
    const startedAt = Date.now();
    // Until each has beaten once they come online, which costs a multiple of what a heartbeat costs from then on.
    const cpu = [{ elapsedMs: 0, seconds: cpuSeconds(pid) }];
    const noteCpu = (elapsedMs: number) => cpu.push({ elapsedMs, seconds: cpuSeconds(pid) });
    const counts = await simulate({
      port: Number(new URL(installation.siteUrl).port),
      tokens: fleet.machines.map(({ token }) => token),
      intervalMs: INTERVAL_MS,
      seconds: measuredSeconds,
      onStep: (elapsedMs) => {
        if (elapsedMs > looks.length * LOOK_EVERY_MS) look();
        if (cpu.length === 1 && elapsedMs > INTERVAL_MS) noteCpu(elapsedMs);
      },
    });
    const endedAt = Date.now();
    noteCpu(endedAt - startedAt);
    look();
    const { lost, falseFlips } = await verify(installation.url, {
      fleet,
      counts,
      startedAt,
      endedAt,
    });
    return report({ counts, looks, lost, falseFlips, cpu });
  } finally {
    await installation.remove();
  }
};

/** Acknowledged heartbeats without a sample, and incidents: no machine was silent for as long as its threshold. */
async function verify(
  url: string,
  {
    fleet,
    counts,
    startedAt,
    endedAt,
  }: { fleet: Fleet; counts: SimulatorCounts; startedAt: number; endedAt: number },
): Promise<{ lost: number; falseFlips: number }> {
  // The session's token lasts an hour, and may be as old as the soak is long.
  const client = await signInAgain(url, fleet);
  let lost = 0;
  for (const [index, { machineId }] of fleet.machines.slice(0, COUNTED).entries()) {
    // In pieces that are short enough to be told sample by sample.
    let stored = 0;
    for (let from = startedAt; from < Date.now(); from += HOUR_MS) {
      const stretch = { machineId, from, to: from + HOUR_MS, resolution: "raw" as const };
      stored += (await client.query(api.samples.range, stretch)).beats.filter(
        (beats) => beats > 0,
      ).length;
    }
    lost += Math.max(0, (counts.perMachine[index] ?? 0) - stored);
  }
  return { lost, falseFlips: await countIncidents(client, endedAt) };
}

/** Those whose deadline passed while the fleet still beat: what comes later is the silence after the end. */
async function countIncidents(client: ConvexHttpClient, before: number): Promise<number> {
  let count = 0;
  for (let cursor: string | null = null; ;) {
    const answer: FunctionReturnType<typeof api.incidents.list> = await client.query(
      api.incidents.list,
      { paginationOpts: { numItems: 200, cursor } },
    );
    count += answer.page.filter(({ openedAt }) => openedAt < before).length;
    if (answer.isDone) return count;
    cursor = answer.continueCursor;
  }
}

function report({
  counts,
  looks,
  lost,
  falseFlips,
  cpu,
}: {
  counts: SimulatorCounts;
  looks: Look[];
  lost: number;
  falseFlips: number;
  cpu: CpuLook[];
}): BenchmarkResult {
  // The first half warms caches up; what grows after it grows for ever.
  const half = looks.slice(Math.floor(looks.length / 2));
  const [first, last] = [looks[0], looks.at(-1)];
  const grownMb = (last?.fileMb ?? 0) - (first?.fileMb ?? 0);
  const bytesPerHeartbeat = (grownMb * 1_048_576) / counts.acknowledged;
  const perDay = (86_400_000 / INTERVAL_MS) * MACHINES;
  const json = {
    machines: MACHINES,
    sent: counts.sent,
    acknowledged: counts.acknowledged,
    lost,
    falseFlips,
    cpuPercent: round(cpuPercentBetween(cpu.at(-2), cpu.at(-1))),
    cpuPercentWhileComingOnline: round(cpuPercentBetween(cpu[0], cpu[1])),
    rssMbMax: round(Math.max(...looks.map((look) => look.rssMb))),
    rssMbHalf: round(half[0]?.rssMb ?? 0),
    rssMbEnd: round(last?.rssMb ?? 0),
    fileMbEnd: round(last?.fileMb ?? 0),
    bytesPerHeartbeat: round(bytesPerHeartbeat),
    fileGbAfterADay: round((perDay * bytesPerHeartbeat) / 2 ** 30, 2),
  };
  return {
    table: { soak: json },
    notes: [
      `${MACHINES} machines every ${INTERVAL_MS / 1_000} s; samples of ${COUNTED} machines were counted for lost.`,
      "Samples are kept for a day: fileGbAfterADay is where the file stops growing, but for rollups.",
      ...Object.entries(counts.failed).map(
        ([status, count]) => `${count} requests ended with ${status}.`,
      ),
    ],
    json,
  };
}

/** Of one core. */
function cpuPercentBetween(from: CpuLook | undefined, to: CpuLook | undefined): number {
  if (from === undefined || to === undefined) return Number.NaN;
  return ((to.seconds - from.seconds) / (to.elapsedMs - from.elapsedMs)) * 100_000;
}

function folderMb(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(
      (entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0,
    );
  return sizes.reduce((sum, size) => sum + size, 0) / 1_048_576;
}
