/** Takes one sample: asks every reader, and goes on without those that fail. Reads, and only reads. */
import type { HeartbeatBody } from "../../core/agentApi.ts";
import { readContainers } from "./containers.ts";
import { readCpu } from "./cpu.ts";
import { readDisks } from "./disk.ts";
import { readGauges } from "./gauges.ts";
import { readMemory } from "./memory.ts";
import { readNetwork } from "./network.ts";
import { readSwap } from "./swap.ts";
import { readLoad, readUptime } from "./system.ts";
import { readTemperature } from "./temperature.ts";

export type Metrics = NonNullable<HeartbeatBody["metrics"]>;
/** What one reader knows now. A value that this machine does not have is left out. */
export type Reader = () => Promise<Pick<HeartbeatBody, "assistantCount" | "gauges" | "metrics">>;

export interface CollectorOptions {
  readers: Record<string, Reader>;
  now: () => number;
  log: (level: "warn", message: string) => void;
}

/** A function that takes one sample. It never rejects; a failing reader is reported once and left out. */
export function createCollector(options: CollectorOptions): () => Promise<HeartbeatBody> {
  const reported = new Set<string>();
  return async () => {
    const timestamp = options.now();
    const parts = await Promise.all(
      Object.entries(options.readers).map(async ([name, read]) => {
        try {
          return await read();
        } catch (error) {
          if (!reported.has(name)) {
            const why = error instanceof Error ? error.message : String(error);
            options.log("warn", `No ${name} in the heartbeats: ${why}`);
          }
          reported.add(name);
          return {};
        }
      }),
    );
    return merge(timestamp, parts);
  };
}

/** The readers of this machine. */
export function machineReaders(options: {
  /** The first is `diskUsage`; alone, all local file systems are reported beside it. */
  diskPaths: string[];
  gaugesFile: string | null;
  /** null: containers are not counted. */
  dockerSocket: string | null;
}): Record<string, Reader> {
  const { gaugesFile, dockerSocket } = options;
  return {
    cpu: readCpu(),
    memory: readMemory,
    swap: readSwap,
    disk: () => readDisks(options.diskPaths),
    network: readNetwork,
    load: readLoad,
    uptime: readUptime,
    temperature: readTemperature,
    ...(dockerSocket === null ? {} : { containers: () => readContainers(dockerSocket) }),
    // Last: what somebody counts on purpose wins.
    ...(gaugesFile === null ? {} : { gauges: () => readGauges(gaugesFile) }),
  };
}

function merge(timestamp: number, parts: Awaited<ReturnType<Reader>>[]): HeartbeatBody {
  const heartbeat: HeartbeatBody = { timestamp };
  const metrics: Metrics = {};
  for (const part of parts) {
    Object.assign(metrics, part.metrics);
    if (part.assistantCount !== undefined) heartbeat.assistantCount = part.assistantCount;
    if (part.gauges !== undefined) heartbeat.gauges = part.gauges;
  }
  return { ...heartbeat, metrics };
}
