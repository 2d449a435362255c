/** Runs a program that owns children until one of them ends, somebody stops it, or it fails; leaves nothing behind. */
import type { Child, Children } from "./children.ts";
import { StartError } from "./startError.ts";

/** `start` returns the child to wait for, or null when it was stopped meanwhile. Sets the exit code. */
export async function runInForeground(
  children: Children,
  start: () => Promise<Child | null>,
): Promise<void> {
  // Whoever read our words may be gone (`npm start | head`): that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  let onStop = () => {};
  const stopped = new Promise<void>((resolve) => (onStop = resolve));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      void children.stop();
      onStop();
    });
  }
  try {
    const starting = start();
    // Stopped in between, nobody waits for it any more; it may still fail.
    starting.catch(() => undefined);
    const main = await Promise.race([starting, stopped]);
    if (main) await Promise.race([main.exit, stopped]);
    if (!children.isStopping) throw new StartError("The backend ended unexpectedly; see above.");
  } catch (error) {
    // While stopping, whatever still fails fails because of that.
    if (!children.isStopping) {
      console.error(error instanceof StartError ? oneLine(error.message) : error);
      process.exitCode = 1;
    }
  }
  await children.stop();
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}
