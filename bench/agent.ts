/** What the agent, as it is downloaded, takes of a machine at one heartbeat in 30 seconds. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { agentFiles } from "../scripts/lib/agentFiles.ts";
import { type Benchmark, round } from "./lib/benchmark.ts";
import { cpuSeconds, rssMb } from "./lib/usage.ts";

/** Measured at one a second, so that a short run sees many; the rest is scaled to the interval of the target. */
const INTERVAL_S = 30;
const WARM_UP_MS = 3_000;
const DEFAULT_SECONDS = 30;

export const benchAgent: Benchmark = async ({ seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-agent-"));
  const program = join(folder, "agent.mjs");
  const files = await agentFiles(resolve(import.meta.dirname, ".."));
  writeFileSync(program, files["agent.mjs"] ?? "");
  const sizes: number[] = [];
  const server = createServer((request, response) => {
    let sizeBytes = 0;
    request.on("data", (chunk: Buffer) => (sizeBytes += chunk.byteLength));
    request.on("end", () => {
      if (request.url?.endsWith("heartbeat") === true) sizes.push(sizeBytes);
      response.end(JSON.stringify({ machineId: "web-1", name: "web-1", status: "online" }));
    });
  }).listen(0, "127.0.0.1");
  await sleep(100);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = `${"m".repeat(21)}:${"s".repeat(40)}`;
  const args = ["--jitless", "--max-semi-space-size=1", program, "--url", url, "--interval", "1"];
  const agent = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ROLLCALL_TOKEN: token },
    stdio: "ignore",
  });
  const pid = agent.pid ?? 0;
  await sleep(WARM_UP_MS);
  const before = { cpu: cpuSeconds(pid), beats: sizes.length };
  await sleep((seconds ?? DEFAULT_SECONDS) * 1_000);
  const beats = sizes.length - before.beats;
  const cpuPerBeat = (cpuSeconds(pid) - before.cpu) / beats;
  const result = {
    rssMb: round(rssMb(pid)),
    cpuPercent: round((cpuPerBeat / INTERVAL_S) * 100, 3),
    bytesPerHeartbeat: Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length),
  };
  agent.kill("SIGKILL");
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
  return {
    table: { agent: result },
    notes: [
      `Node ${process.versions.node}; ${beats} heartbeats, one a second. cpuPercent: of one core, at one heartbeat in ${INTERVAL_S} s.`,
    ],
    json: result,
  };
};
