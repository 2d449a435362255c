/** How a long administrative job tells of itself: its state is stored by the executor, where the CLI watches it. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeInt64 } from "../../values/encoded.ts";
import type { Supervisor } from "../../runtime/supervisor.ts";

const ATTEMPTS = 20;
const RETRY_MS = 500;

/** Stores a state; waits for an executor that is being restarted. Never rejects: the job itself matters more. */
export async function tellState(
  supervisor: Supervisor,
  name: string,
  state: Record<string, unknown> | null,
): Promise<void> {
  const json = state === null ? null : JSON.stringify(state);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const isStored = await supervisor.control({ op: "adminState", name, json }).then(
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
