/**
 * How a machine that was given only an enrolment key comes to a token of its own. The token is kept, so that a restart
 * is the same machine; a copy of the disk under another instance id (S0.2) is another one.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatToken, parseToken } from "../core/token.ts";
import type { AgentClient } from "./client.ts";
import { type Clock, retryDelayMs } from "./loop.ts";

export interface EnrolOptions {
  /** Whose credential is the enrolment key. */
  client: AgentClient;
  /** Where the token is kept; null: each start enrols anew, under the same instance id. */
  tokenFile: string | null;
  instanceId: string;
  hostname: string;
  clock: Clock;
  random: () => number;
  log: (level: "info" | "warn" | "error", message: string) => void;
  signal: AbortSignal;
}

export type Enrolled =
  { kind: "token"; token: string } | { kind: "stopped" | "machineDeleted" | "nothingWorks" };

const MAX_ATTEMPTS = 6;

export async function enrol(options: EnrolOptions): Promise<Enrolled> {
  const { client, tokenFile, instanceId, hostname, clock, random, log, signal } = options;
  const kept = tokenFile === null ? null : readKept(tokenFile, instanceId);
  if (kept !== null) return { kind: "token", token: kept };
  const { machineId, secret, secretHash } = await newCredentials();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const answer = await client.enrol({ machineId, secretHash, instanceId, hostname }, signal);
    if (signal.aborted) return { kind: "stopped" };
    if (answer.kind === "ok") {
      log("info", `Enrolled as "${answer.value.name}"`);
      const token = formatToken({ machineId: answer.value.machineId, secret });
      if (tokenFile !== null) keep(tokenFile, { token, instanceId }, log);
      return { kind: "token", token };
    }
    log("warn", `Not enrolled: ${answer.message}`);
    if (answer.kind === "refused" && answer.httpStatus === 410) return { kind: "machineDeleted" };
    const retryAfterMs = answer.kind === "refused" ? answer.retryAfterMs : null;
    await clock.sleep(retryAfterMs ?? retryDelayMs(attempt, random), signal);
  }
  return { kind: signal.aborted ? "stopped" : "nothingWorks" };
}

/** 16 bytes make 22 characters, one more than a machine's id has. */
async function newCredentials(): Promise<{
  machineId: string;
  secret: string;
  secretHash: string;
}> {
  // Most agents have their token: what makes one is loaded only here, it takes 3 MB.
  const { createHash, randomBytes } = await import("node:crypto");
  const secret = randomBytes(30).toString("base64url");
  return {
    machineId: randomBytes(16).toString("base64url").slice(0, 21),
    secret,
    secretHash: createHash("sha256").update(secret).digest("hex"),
  };
}

function readKept(path: string, instanceId: string): string | null {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as {
      token?: unknown;
      instanceId?: unknown;
    };
    const isOurs = kept.instanceId === instanceId && typeof kept.token === "string";
    return isOurs && parseToken(String(kept.token)) !== null ? String(kept.token) : null;
  } catch {
    // Not there, or damaged: enrolling again under the instance id is the same machine.
    return null;
  }
}

function keep(
  path: string,
  kept: { token: string; instanceId: string },
  log: EnrolOptions["log"],
): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify(kept), { mode: 0o600 });
  } catch (error) {
    log("warn", `The token cannot be kept, the next start enrols again: ${String(error)}`);
  }
}
