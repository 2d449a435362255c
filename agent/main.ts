/** The agent as a program: composes configuration, readers, client and loop. Decides nothing itself. */
import { readFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { createBuffer } from "./buffer.ts";
import { createBufferFile } from "./bufferFile.ts";
import { createClient } from "./client.ts";
import { createCollector, machineReaders } from "./collect/collector.ts";
import { dockerSocket } from "./collect/containers.ts";
import { type AgentConfig, readConfig } from "./config.ts";
import { enrol } from "./enrol.ts";
import { createHttpPost } from "./httpPost.ts";
import { AGENT_VERSION, describeMachine, instanceId, newBootId } from "./identity.ts";
import { type AgentEnd, type AgentOptions, runAgent } from "./loop.ts";
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
  const httpPost = createHttpPost();
  const connect = (token: string) =>
    createClient({ ...config, token, version: AGENT_VERSION, httpPost });
  const common = { clock: systemClock, random: Math.random, log, signal: stop.signal };
  const enrolled =
    config.token === null
      ? await enrol({
          ...common,
          client: connect(config.enrolmentKey ?? ""),
          tokenFile: inState(config, "token.json"),
          instanceId: instanceId(process.env),
          hostname: os.hostname(),
        })
      : { kind: "token" as const, token: config.token };
  const end =
    enrolled.kind === "token"
      ? await report({ config, token: enrolled.token, client: connect(enrolled.token), ...common })
      : enrolled.kind;
  if (end === "nothingWorks") process.exitCode = EXIT_NOTHING_WORKS;
}

async function report({
  config,
  token,
  ...common
}: { config: AgentConfig; token: string } & Pick<
  AgentOptions,
  "client" | "clock" | "random" | "log" | "signal"
>): Promise<AgentEnd> {
  const bootId = newBootId();
  const readers = machineReaders({ ...config, dockerSocket: dockerSocket(process.env) });
  const collect = createCollector({ readers, now: Date.now, log });
  // One for each machine: two agents may share the folder.
  const bufferPath = inState(config, `buffer-${token.split(":")[0]}.jsonl`);
  return await runAgent({
    ...common,
    registration: () => describeMachine({ ...config, env: process.env, bootId }),
    collect: async () => ({ ...(await collect()), bootId }),
    intervalMs: config.intervalMs,
    maxFailures: config.maxFailures,
    goodbyeReason: () => "shutdown",
    buffer: createBuffer(bufferPath === null ? null : createBufferFile(bufferPath, log)),
    giveUpAfterIntervals: GIVE_UP_AFTER_INTERVALS,
  });
}

function inState({ stateDirectory }: AgentConfig, name: string): string | null {
  return stateDirectory === null ? null : join(stateDirectory, name);
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
