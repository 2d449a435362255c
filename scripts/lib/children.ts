/** The processes that a script started: ended together, politely first. */
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";

/** Long enough for the backend to finish its last commit. */
const STOP_GRACE_MS = 10_000;
/** A backend runs for months: only the end of its words is kept. */
const MAX_OUTPUT_CHARACTERS = 256 * 1024;

export interface Child {
  process: ChildProcess;
  /** The end of what it wrote to stdout and stderr, where these were piped. */
  output(): string;
  /** Resolves when it has ended; a signal counts as 1. */
  exit: Promise<number>;
}

export class Children {
  readonly #running = new Set<Child>();
  #isStopping = false;

  /** Whether `stop` was called: from then on, an ending child is no failure. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Runs Node with a script of this clone. @throws once `stop` was called. */
  start(
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; stdio?: StdioOptions },
  ): Child {
    if (this.#isStopping) throw new Error("Stopping: nothing is started any more");
    const child = spawn(process.execPath, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: options.stdio ?? ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS);
      });
    }
    const entry: Child = {
      process: child,
      output: () => output,
      exit: once(child, "close").then(([code]) => (typeof code === "number" ? code : 1)),
    };
    this.#running.add(entry);
    void entry.exit.then(() => this.#running.delete(entry));
    return entry;
  }

  /** Ends all that still run; kills what does not listen. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      [...this.#running].map(async ({ process: child, exit }) => {
        child.kill("SIGTERM");
        const killer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
        await exit;
        clearTimeout(killer);
      }),
    );
  }
}
