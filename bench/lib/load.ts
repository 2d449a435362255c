/** Runs the load generator in its own process, pinned to its own core. */
import { spawn } from "node:child_process";
import { json } from "node:stream/consumers";
import { pinned } from "../../scripts/lib/temporaryInstallation.ts";

export interface LoadPlan {
  port: number;
  path: string;
  /** One request each, in turn: with a heartbeat as its body, unless there are bodies. */
  tokens: string[];
  bodies?: string[];
  connections: number;
  warmUpSeconds: number;
  seconds: number;
}

export interface LoadResult {
  /** Answered with 200 in the measured time. */
  requests: number;
  /** Answers other than 200, by status. */
  refused: Record<string, number>;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

const GENERATOR = new URL("../generator.ts", import.meta.url).pathname;

/** The core that is left to the generator; the server under test has the other. */
export const SERVER_CPU = 0;
const GENERATOR_CPU = 1;

export async function applyLoad(plan: LoadPlan): Promise<LoadResult> {
  const [program = "", ...args] = pinned(GENERATOR_CPU, [process.execPath, GENERATOR]);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(plan));
  return (await json(child.stdout)) as LoadResult;
}
