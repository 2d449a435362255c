/** What a process has used, read from /proc (Linux); elsewhere unknown. */
import { existsSync, readFileSync } from "node:fs";

/** Linux reports processor time in hundredths of a second to user space on every architecture. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time of all threads so far; NaN where it cannot be read. */
export function cpuSeconds(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  // The second field is the program's name in parentheses and may hold blanks: count from behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function rssMb(pid: number): number {
  if (!existsSync(`/proc/${pid}/status`)) return Number.NaN;
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) / 1_024;
}
