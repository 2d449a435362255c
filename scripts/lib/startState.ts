/** What `npm start` remembers about a data folder from one start to the next, in its file start.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface StartState {
  /** Of the files that were pushed last. */
  pushed: string | null;
  /** Of what the deployment said it holds after that push. */
  deployed: string | null;
  /** Variables of the deployment that came from the environment of a start. They go when they are gone from it. */
  variables: string[];
}

const nothing: StartState = { pushed: null, deployed: null, variables: [] };

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

export function writeStartState(dataDir: string, state: StartState): void {
  writeFileSync(pathIn(dataDir), `${JSON.stringify(state, null, 2)}\n`);
}

const pathIn = (dataDir: string) => join(dataDir, "start.json");
