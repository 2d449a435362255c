/** How busy all cores were since the last sample. */
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reader } from "./collector.ts";
import { percentOf } from "./percent.ts";

/** The first sample has no predecessor: it looks at this short moment instead. */
const FIRST_WINDOW_MS = 200;

interface CpuTimes {
  busyMs: number;
  totalMs: number;
}

/** A reader that remembers the counters of its last call. */
export function readCpu(times: () => CpuTimes = cpuTimes, waitMs = FIRST_WINDOW_MS): Reader {
  let last: CpuTimes | null = null;
  return async () => {
    if (last === null) {
      last = times();
      await sleep(waitMs);
    }
    const current = times();
    const cpuUsage = percentOf(current.busyMs - last.busyMs, current.totalMs - last.totalMs);
    last = current;
    return { metrics: cpuUsage === undefined ? {} : { cpuUsage } };
  };
}

function cpuTimes(): CpuTimes {
  let totalMs = 0;
  let idleMs = 0;
  for (const { times } of os.cpus()) {
    totalMs += times.user + times.nice + times.sys + times.idle + times.irq;
    idleMs += times.idle;
  }
  return { busyMs: totalMs - idleMs, totalMs };
}
