/** Who this machine says it is when it registers. Identity proper is the token; these are details for people. */
import { readFileSync } from "node:fs";
import os from "node:os";
import type { RegisterBody } from "../core/agentApi.ts";
import packageJson from "../package.json" with { type: "json" };

export const AGENT_VERSION = packageJson.version;

/** S0.2: the first that is set, then the name that the operating system gives. */
const INSTANCE_ID_VARIABLES = ["MACHINE_ID", "FLY_MACHINE_ID", "HOSTNAME"] as const;

export interface IdentityOptions {
  env: Record<string, string | undefined>;
  /** One for each start of the agent, so that two that use the same token can be told apart. */
  bootId: string;
  rootDirectory: string;
  maxServers: number | null;
}

/** New with each start. No secret: chance will do, and node:crypto would take 3 MB of memory. */
export function newBootId(): string {
  const part = () => Math.random().toString(36).slice(2);
  return `${Date.now().toString(36)}-${part()}${part()}`;
}

/** The body of `register`, read anew each time: addresses and names change while the agent runs. */
export function describeMachine(options: IdentityOptions): RegisterBody {
  const ipAddress = firstAddress(os.networkInterfaces());
  return {
    hostname: os.hostname(),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    os: osName(),
    arch: os.arch(),
    version: AGENT_VERSION,
    rootDirectory: options.rootDirectory,
    ...(options.maxServers === null ? {} : { capacity: { maxServers: options.maxServers } }),
    bootId: options.bootId,
    metadata: { instanceId: instanceId(options.env), node: process.versions.node },
  };
}

export function instanceId(env: Record<string, string | undefined>): string {
  for (const name of INSTANCE_ID_VARIABLES) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== "") return value;
  }
  return os.hostname();
}

/** IPv4 before IPv6; link-local addresses say nothing to anybody else. */
export function firstAddress(
  interfaces: ReturnType<typeof os.networkInterfaces>,
): string | undefined {
  const outside = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
  return (outside.find(({ family }) => family === "IPv4") ?? outside[0])?.address;
}

function osName(): string {
  if (process.platform !== "linux") return `${os.type()} ${os.release()}`;
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1];
    return name ?? `Linux ${os.release()}`;
  } catch {
    // Small images have no os-release; the kernel's version is better than nothing.
    return `Linux ${os.release()}`;
  }
}
