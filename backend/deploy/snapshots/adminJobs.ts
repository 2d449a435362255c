/** How a long administrative job tells of itself: its state is stored by the executor, where the CLI watches it. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeInt64 } from "../../values/encoded.ts";
import type { ControlRequest } from "../../runtime/messages.ts";
import type { Supervisor } from "../../runtime/supervisor.ts";

const ATTEMPTS = 20;
const RETRY_MS = 500;

/** Stores a state. */
export function tellState(
  supervisor: Supervisor,
  name: string,
  state: Record<string, unknown> | null,
): Promise<void> {
  const json = state === null ? null : JSON.stringify(state);
  return insist(supervisor, { op: "adminState", name, json });
}

/** Waits for an executor that is being restarted, or for room. Never rejects: the job itself matters more. */
export async function insist(supervisor: Supervisor, request: ControlRequest): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const isStored = await supervisor.control(request).then(
      () => true,
      () => false,
    );
    if (isStored) return;
    await sleep(RETRY_MS);
  }
}

/** Removes what a job has left on disk. Never throws: what stays is removed by the next start. */
export function removeLeftovers(folder: string, log: (line: string) => void): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    log(`${folder} could not be removed: ${String(error)}`);
  }
}

export const int64 = (value: bigint | number) => ({ $integer: encodeInt64(BigInt(value)) });
