/** Small things that every runner of functions needs. */
import { randomUUID } from "node:crypto";
import type { Caller } from "./engine.ts";
import type { Frame } from "./frame.ts";

/** 16 hex digits that tie an error shown to a client to the log. */
export function newRequestId(): string {
  // randomUUID draws from a pool; random bytes of one's own cost a system call each.
  return randomUUID().replaceAll("-", "").slice(0, 16);
}

/** The backend itself calls: jobs, crons, the scheduler. */
export const NOBODY: Caller = { kind: "admin", identity: null };

export function linesOf(frame: Frame): string[] {
  return frame.log.lines;
}
