/** One process at a time on a data folder: two would each believe that their memory mirrors the file. */
import { join } from "node:path";
import { takeLock } from "./sqlite.ts";

/** Locks are released when they are collected as garbage: these live as long as the process. */
const held = new Set<object>();

/** Throws with one line when another process has it, or the folder cannot be written. */
export function lockDataDir(dataDir: string): void {
  try {
    held.add(takeLock(join(dataDir, "lock")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      /locked|busy/i.test(reason)
        ? `The data folder ${dataDir} is in use by another process: stop it first.`
        : `The data folder ${dataDir} cannot be locked (${reason}).`,
      { cause: error },
    );
  }
}
