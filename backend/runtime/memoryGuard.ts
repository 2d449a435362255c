/**
 * Finds the thread whose buffers grow without end. V8 bounds the heap of a worker by itself, but not its ArrayBuffers: left
 * alone, one function would take the memory of the whole machine.
 */
import { totalmem } from "node:os";
import type { Worker } from "node:worker_threads";

const MEGABYTE = 2 ** 20;
/** Asking interrupts the thread, so it is asked only when the process is larger than it should ever be at rest. */
const SUSPICIOUS_BYTES = Math.min(1_536 * MEGABYTE, totalmem() / 3);

/** To be called now and then; resolves with true when the worker's buffers are over the limit. */
export async function hoardsBuffers(worker: Worker, limitMb: number): Promise<boolean> {
  if (process.memoryUsage.rss() < Math.min(SUSPICIOUS_BYTES, limitMb * MEGABYTE)) return false;
  try {
    const { external_memory } = await worker.getHeapStatistics();
    return external_memory > limitMb * MEGABYTE;
  } catch {
    // It ended meanwhile.
    return false;
  }
}
