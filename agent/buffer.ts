/** Heartbeats that the server has not confirmed yet, oldest first, in memory and bounded. */
import type { HeartbeatBody } from "../core/agentApi.ts";

/** A day at one heartbeat a minute: as long as the server keeps single samples. */
const CAPACITY = 1_440;

export interface HeartbeatBuffer {
  push(heartbeat: HeartbeatBody): void;
  /** Up to `count` of the oldest, left in place until they are confirmed. */
  oldest(count: number): HeartbeatBody[];
  /** Forgets the `count` oldest. */
  drop(count: number): void;
  readonly size: number;
}

/** When it is full the oldest heartbeat goes: the newest says how the machine is. */
export function createBuffer(capacity: number = CAPACITY): HeartbeatBuffer {
  const heartbeats: HeartbeatBody[] = [];
  return {
    push(heartbeat) {
      heartbeats.push(heartbeat);
      if (heartbeats.length > capacity) heartbeats.shift();
    },
    oldest: (count) => heartbeats.slice(0, count),
    drop(count) {
      heartbeats.splice(0, count);
    },
    get size() {
      return heartbeats.length;
    },
  };
}
