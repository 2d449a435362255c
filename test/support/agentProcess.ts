/** The real agent as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const AGENT = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

export interface AgentProcess {
  /** Everything that it said so far. */
  output(): string;
  /** As a power cut does it: no goodbye. */
  kill(): Promise<void>;
  /** As systemd stops it. */
  stop(): Promise<void>;
}

export function startAgent(options: {
  url: string;
  token: string;
  flags?: string[];
}): AgentProcess {
  const { url, token, flags = [] } = options;
  const child = spawn(process.execPath, [AGENT, "--url", url, ...flags], {
    env: { PATH: process.env.PATH, ROLLCALL_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    output: () => output,
    kill: () => end(child, "SIGKILL"),
    stop: () => end(child, "SIGTERM"),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}
