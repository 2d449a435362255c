/**
 * Heartbeats that the server has not confirmed yet, oldest first, bounded. They live in memory; what `save` is asked to
 * keep also lies in a file, if there is one, so that it survives a restart. While all goes well nothing is written.
 */
import type { HeartbeatBody } from "../core/agentApi.ts";

/** A day at one heartbeat a minute: as long as the server keeps single samples. */
export const BUFFER_CAPACITY = 1_440;

export interface HeartbeatBuffer {
  push(heartbeat: HeartbeatBody): void;
  /** Up to `count` of the oldest, left in place until they are confirmed. */
  oldest(count: number): HeartbeatBody[];
  /** Forgets the `count` oldest. */
  drop(count: number): void;
  /** Puts what is unconfirmed where it survives a restart. Nothing happens where there is no file. */
  save(): void;
  readonly size: number;
}

/** Where a buffer survives. Nothing here throws: a file that cannot be written answers false, and is tried again. */
export interface BufferFile {
  load(): HeartbeatBody[];
  append(heartbeats: HeartbeatBody[]): boolean;
  /** An empty list removes the file. */
  replace(heartbeats: HeartbeatBody[]): boolean;
}

/** When it is full the oldest heartbeat goes: the newest says how the machine is. */
export function createBuffer(
  file: BufferFile | null = null,
  capacity: number = BUFFER_CAPACITY,
): HeartbeatBuffer {
  const loaded = file?.load() ?? [];
  const heartbeats = loaded.slice(-capacity);
  /** The oldest `saved` in memory are in the file, behind `stale` that are no longer wanted. */
  let saved = heartbeats.length;
  let stale = loaded.length - saved;
  const rewrite = () => {
    if (file?.replace(heartbeats) === true) [saved, stale] = [heartbeats.length, 0];
  };
  const remove = (count: number) => {
    heartbeats.splice(0, count);
    stale += Math.min(count, saved);
    saved = Math.max(0, saved - count);
  };
  return {
    push(heartbeat) {
      heartbeats.push(heartbeat);
      if (heartbeats.length > capacity) remove(1);
    },
    oldest: (count) => heartbeats.slice(0, count),
    drop(count) {
      remove(count);
      if (saved + stale > 0) rewrite();
    },
    save() {
      // In a long outage each heartbeat is one line at the end; only now and then is the file made anew.
      if (stale >= capacity) rewrite();
      else if (file?.append(heartbeats.slice(saved)) === true) saved = heartbeats.length;
    },
    get size() {
      return heartbeats.length;
    },
  };
}
