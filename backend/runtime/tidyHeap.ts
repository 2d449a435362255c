/**
 * Gives back what loading the modules has left behind. V8 would keep it until the heap has grown again by as much, which
 * the heap of a thread that runs now and then never does: a third of what it holds is garbage and empty pages.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collecting takes 0.1 to 0.3 s: not while everybody waits for the thread to be ready. */
const DELAY_MS = 5_000;

type Collect = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

const { setTimeout: after, clearTimeout } = globalThis;
let timer: NodeJS.Timeout | undefined;

/** To be called whenever modules have been loaded in this thread. */
export function tidyHeapSoon(): void {
  clearTimeout(timer);
  timer = after(tidyHeap, DELAY_MS);
  timer.unref();
}

function tidyHeap(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("globalThis.gc") as Collect | undefined;
  setFlagsFromString("--no-expose-gc");
  // Flags are the whole process's: another thread may have taken it back in between.
  if (collect === undefined) {
    tidyHeapSoon();
    return;
  }
  // "Last resort" also shrinks the nursery and returns empty pages to the system.
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
