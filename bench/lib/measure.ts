/** A load with what it cost the server, and the same load on the bare server as the yardstick. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pinned } from "../../scripts/lib/temporaryInstallation.ts";
import { applyLoad, type LoadPlan, type LoadResult, SERVER_CPU } from "./load.ts";
import { cpuSeconds, rssMb } from "./usage.ts";

const BARE_SERVER = new URL("../bareServer.ts", import.meta.url).pathname;

export interface Measurement extends LoadResult {
  perSecond: number;
  cpuSecondsPer10k: number;
  rssMb: number;
}

export async function measure(pid: number, plan: LoadPlan): Promise<Measurement> {
  const cpuBefore = cpuSeconds(pid);
  const result = await applyLoad(plan);
  // Processor time includes the warm-up: it is shared out over all requests by their time.
  const share = plan.seconds / (plan.seconds + plan.warmUpSeconds);
  const cpu = (cpuSeconds(pid) - cpuBefore) * share;
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    cpuSecondsPer10k: (cpu / result.requests) * 10_000,
    rssMb: rssMb(pid),
  };
}

/** One row updated, one appended, one fsync for all requests that came together. */
export async function measureBare(plan: Omit<LoadPlan, "port">): Promise<Measurement> {
  const [program = "", ...args] = pinned(SERVER_CPU, [process.execPath, BARE_SERVER]);
  const server = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  server.stdin.end(JSON.stringify(plan.tokens));
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  try {
    return await measure(server.pid ?? 0, { ...plan, port: Number(line) });
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}
