/** The agent as a program: composes configuration, readers, client and loop. Decides nothing itself. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BufferFile, createBuffer } from "./buffer.ts";
import { createBufferFile } from "./bufferFile.ts";
import { createClient } from "./client.ts";
import { createCollector, machineReaders } from "./collect/collector.ts";
import { type AgentConfig, readConfig } from "./config.ts";
import { createHttpPost } from "./httpPost.ts";
import { AGENT_VERSION, describeMachine } from "./identity.ts";
import { runAgent } from "./loop.ts";
import { systemClock } from "./platform.ts";

/** Nothing that a restart would repair: systemd is told not to try. */
const EXIT_WRONG_CONFIGURATION = 2;
/** A restart may repair it. */
const EXIT_NOTHING_WORKS = 1;
const GIVE_UP_AFTER_INTERVALS = 10;

function log(level: "info" | "warn" | "error", message: string): void {
  const line = `${new Date().toISOString()} ${level.padEnd(5)} ${message}`;
  if (level === "info") console.log(line);
  else console.error(line);
}

async function run(config: AgentConfig): Promise<void> {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  const bootId = randomUUID();
  const collect = createCollector({ readers: machineReaders(config), now: Date.now, log });
  const end = await runAgent({
    client: createClient({ ...config, version: AGENT_VERSION, httpPost: createHttpPost() }),
    registration: () => describeMachine({ ...config, env: process.env, bootId }),
    collect: async () => ({ ...(await collect()), bootId }),
    intervalMs: config.intervalMs,
    maxFailures: config.maxFailures,
    clock: systemClock,
    random: Math.random,
    log,
    signal: stop.signal,
    goodbyeReason: () => "shutdown",
    buffer: createBuffer(bufferFileOf(config)),
    giveUpAfterIntervals: GIVE_UP_AFTER_INTERVALS,
  });
  if (end === "nothingWorks") process.exitCode = EXIT_NOTHING_WORKS;
}

/** One for each machine: two agents may share the folder. */
function bufferFileOf({ stateDirectory, token }: AgentConfig): BufferFile | null {
  if (stateDirectory === null) return null;
  return createBufferFile(join(stateDirectory, `buffer-${token.split(":")[0]}.jsonl`), log);
}

const result = readConfig({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  readFile: (path) => readFileSync(path, "utf8"),
});
switch (result.kind) {
  case "run":
    for (const warning of result.warnings) log("warn", warning);
    await run(result.config);
    break;
  case "help":
    console.log(result.text);
    break;
  case "version":
    console.log(AGENT_VERSION);
    break;
  case "wrong":
    console.error(`${result.message} See --help.`);
    process.exitCode = EXIT_WRONG_CONFIGURATION;
    break;
  default:
    result satisfies never;
}
