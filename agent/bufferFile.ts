/**
 * The buffer's file: one heartbeat a line, as JSON, readable by the agent's user only. A torn, foreign or unwritable
 * file costs samples, never the agent.
 */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { HeartbeatBody } from "../core/agentApi.ts";
import type { BufferFile } from "./buffer.ts";

/** Far more than a full buffer and its stale half take: what is larger is not ours. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

type Log = (level: "warn", message: string) => void;

export function createBufferFile(path: string, log: Log): BufferFile {
  let isReported = false;
  const attempt = (write: () => void): boolean => {
    try {
      write();
      isReported = false;
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!isReported) log("warn", `The buffer cannot be saved, going on in memory: ${why}`);
      isReported = true;
      return false;
    }
  };
  return {
    load: () => load(path, log),
    append: (heartbeats) =>
      attempt(() => {
        if (heartbeats.length === 0) return;
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        appendFileSync(path, linesOf(heartbeats), { mode: 0o600 });
      }),
    replace: (heartbeats) =>
      attempt(() => {
        if (heartbeats.length === 0) rmSync(path, { force: true });
        else replaceFile(path, linesOf(heartbeats));
      }),
  };
}

/** Whole or not at all, whenever the power goes. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function linesOf(heartbeats: HeartbeatBody[]): string {
  return heartbeats.map((heartbeat) => `${JSON.stringify(heartbeat)}\n`).join("");
}

function load(path: string, log: Log): HeartbeatBody[] {
  let text = "";
  try {
    const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (sizeBytes > MAX_FILE_BYTES) throw new Error(`${sizeBytes} bytes are too many`);
    if (sizeBytes > 0) text = readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log("warn", `The saved buffer cannot be read: ${why}`);
    repair(path, []);
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const heartbeats = lines.flatMap(parseLine);
  const lost = lines.length - heartbeats.length;
  if (lost > 0) log("warn", `${lost} of ${lines.length} saved heartbeats are unreadable`);
  // Whole lines only, from here on: a new one behind a torn one would be lost with it.
  if (lost > 0 || (text !== "" && !text.endsWith("\n"))) repair(path, heartbeats);
  return heartbeats;
}

/** A saved heartbeat without its own time would be taken for one of now. */
function parseLine(line: string): HeartbeatBody[] {
  try {
    const value: unknown = JSON.parse(line);
    const isHeartbeat = typeof value === "object" && value !== null && "timestamp" in value;
    return isHeartbeat && typeof value.timestamp === "number" ? [value as HeartbeatBody] : [];
  } catch {
    // Torn by a power cut, or not ours.
    return [];
  }
}

function repair(path: string, heartbeats: HeartbeatBody[]): void {
  try {
    replaceFile(path, linesOf(heartbeats));
  } catch {
    // Unwritable: the next save says so.
  }
}
