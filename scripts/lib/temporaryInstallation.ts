/** An installation of its own, brought up by `npm start`'s script on free ports, for tests and benchmarks. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./freePort.ts";

export interface TemporaryInstallation {
  url: string;
  siteUrl: string;
  dataDir: string;
  /** How long the last start took until the address was printed. */
  readonly readyMs: number;
  /** The backend's process, which is a child of the start script. */
  backendPid(): number;
  /** Ends it as Ctrl-C does and returns the exit code. The data stays. */
  stop(): Promise<number | null>;
  /** Starts it again on the same data and ports. */
  start(): Promise<void>;
  /** Stops it and removes the data. */
  remove(): Promise<void>;
}

const START_SCRIPT = resolve(import.meta.dirname, "../start.ts");
const START_LIMIT_MS = 120_000;
const MAX_OUTPUT_CHARACTERS = 100_000;
const READY = "Rollcall is running.";

/** @throws when it does not come up; the message holds what it said. `cpu` pins it to one core, where taskset exists. */
export async function startTemporaryInstallation(
  options: { env?: Record<string, string>; cpu?: number } = {},
): Promise<TemporaryInstallation> {
  const [port, sitePort] = [await freePort(), await freePort()];
  const dataDir = mkdtempSync(join(tmpdir(), "rollcall-"));
  const env = {
    ...process.env,
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_PORT: String(port),
    ROLLCALL_SITE_PORT: String(sitePort),
    ROLLCALL_ENV_FILE: join(dataDir, ".env.local"),
    ...options.env,
  };
  const script = [process.execPath, START_SCRIPT];
  const command = options.cpu === undefined ? script : pinned(options.cpu, script);
  let running = await startProcess(command, env);
  const stop = async () => {
    running.child.kill("SIGTERM");
    return await running.exit;
  };
  return {
    url: `http://localhost:${port}`,
    siteUrl: `http://localhost:${sitePort}`,
    dataDir,
    get readyMs() {
      return running.readyMs;
    },
    backendPid: () => backendOf(running.child),
    stop,
    async start() {
      running = await startProcess(command, env);
    },
    async remove() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The command with which a process stays on one core; the same command where that cannot be asked for. */
export function pinned(cpu: number, command: string[]): string[] {
  return process.platform === "linux" ? ["taskset", "-c", String(cpu), ...command] : command;
}

interface Running {
  child: ChildProcess;
  exit: Promise<number | null>;
  readyMs: number;
}

async function startProcess(
  [program = "", ...args]: string[],
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit").then(([code]) => code as number | null);
  let output = "";
  const ready = new Promise<"ready">((resolveReady) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS);
        if (output.includes(READY)) resolveReady("ready");
      });
    }
  });
  const outcome = await Promise.race([ready, exit, sleep(START_LIMIT_MS, "late", { ref: false })]);
  if (outcome !== "ready") {
    child.kill("SIGKILL");
    throw new Error(`npm start did not come up (${outcome}):\n${output}`);
  }
  return { child, exit, readyMs: performance.now() - startedAt };
}

function backendOf(start: ChildProcess): number {
  const { pid } = start;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const backend = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").includes("backend/main.ts"),
  );
  if (backend === undefined) throw new Error("The start script has no backend process");
  return Number(backend);
}
