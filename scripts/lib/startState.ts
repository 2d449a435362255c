/** What `npm start` remembers about a data folder from one start to the next, in its file start.json. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./startError.ts";

/**
 * Of what the rows mean. Raised together with a change that an older Rollcall would misread, which therefore refuses to
 * start; an added table or optional field is none.
 */
export const DATA_VERSION = 1;

export interface StartState {
  /** The DATA_VERSION of whoever used the folder last. */
  dataVersion: number;
  /** Of the files that were pushed last. */
  pushed: string | null;
  /** Of what the deployment said it holds after that push. */
  deployed: string | null;
  /** Variables of the deployment that came from the environment of a start. They go when they are gone from it. */
  variables: string[];
}

const nothing: StartState = { dataVersion: 0, pushed: null, deployed: null, variables: [] };

/** @throws StartError when a newer Rollcall has used the folder: its rows would be misread. */
export function refuseDowngrade(dataDir: string): void {
  const { dataVersion } = readStartState(dataDir);
  if (dataVersion <= DATA_VERSION) return;
  throw new StartError(
    `${dataDir} was used by a newer Rollcall (data version ${dataVersion}; this one knows ${DATA_VERSION}). ` +
      "Start the newer one, or restore a backup from before the upgrade.",
  );
}

export function readStartState(dataDir: string): StartState {
  try {
    return {
      ...nothing,
      ...(JSON.parse(readFileSync(pathIn(dataDir), "utf8")) as Partial<StartState>),
    };
  } catch {
    // Missing on the first start; unreadable means only that everything is done again.
    return nothing;
  }
}

/** Whole or not at all: half of it would read as if no newer version had ever used the folder. */
export function writeStartState(dataDir: string, state: StartState): void {
  const path = pathIn(dataDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}

const pathIn = (dataDir: string) => join(dataDir, "start.json");
