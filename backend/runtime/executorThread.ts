/** The executor's thread as the main thread sees it: starts it, watches it, tells who was running when it died. */
import { Worker, type MessagePort } from "node:worker_threads";
import { Channel } from "./channel.ts";
import type { ExecutorWorkerData } from "./executor.worker.ts";
import { forwardLines } from "./forwardLines.ts";
import { hoardsBuffers } from "./memoryGuard.ts";
import type { FromExecutor, ToExecutor } from "./messages.ts";
import { Patience } from "./patience.ts";
import { RunMarker, type RunLabel } from "./runMarker.ts";
import { THREAD_ENVIRONMENT } from "./threadEnvironment.ts";
import type { ThreadLimits } from "./threadLimits.ts";

export type ExecutorThreadOptions = Omit<ExecutorWorkerData, "marker"> & {
  limits: ThreadLimits;
  receive: (message: Exclude<FromExecutor, { type: "pong" }>) => void;
  /** `running` is the function that was executing, if any. Not called after `terminate`. */
  died: (reason: string, running: RunLabel | null) => void;
  log: (line: string) => void;
};

const CHECK_EVERY_MS = 250;
/** Almost all that a function allocates dies with it: a larger nursery is collected less often and copies less. */
const YOUNG_MB = 48;

export class ExecutorThread {
  readonly #worker: Worker;
  readonly #channel: Channel<ToExecutor, FromExecutor>;
  readonly #marker = new RunMarker();
  readonly #limits: ThreadLimits;
  readonly #died: ExecutorThreadOptions["died"];
  readonly #watchdog: NodeJS.Timeout;
  readonly #patience = new Patience(CHECK_EVERY_MS);
  #count = 0;
  #isClosing = false;
  #over = false;

  constructor({ receive, died, log, limits, ...data }: ExecutorThreadOptions) {
    this.#limits = limits;
    this.#died = died;
    this.#worker = new Worker(new URL("./executor.worker.ts", import.meta.url), {
      workerData: { ...data, marker: this.#marker.buffer } satisfies ExecutorWorkerData,
      env: THREAD_ENVIRONMENT,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: limits.executorHeapMb,
        maxYoungGenerationSizeMb: YOUNG_MB,
      },
    });
    forwardLines(this.#worker.stderr, log);
    this.#channel = new Channel(this.#worker, (message) => {
      this.#patience.signOfLife();
      if (message.type !== "pong") receive(message);
    });
    let reason = "it ended";
    this.#worker.on("error", (error) => (reason = String(error)));
    this.#worker.on("exit", () => this.#report(reason));
    this.#watchdog = setInterval(() => this.#watch(), CHECK_EVERY_MS);
    this.#watchdog.unref();
  }

  post(message: ToExecutor): void {
    this.#channel.post(message);
  }

  /** Gives the executor the port of an action worker. */
  connect(port: MessagePort): void {
    this.#channel.postWithTransfer({ type: "actionPort", port }, [port]);
  }

  /** Resolves when everything accepted is done, the file closed and the thread gone. */
  close(): Promise<void> {
    this.#isClosing = true;
    const gone = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#channel.post({ type: "close" });
    return gone;
  }

  async terminate(): Promise<void> {
    this.#stop();
    await this.#worker.terminate();
  }

  #watch(): void {
    const { label, isRunning, count } = this.#marker.read();
    if (count !== this.#count) this.#patience.signOfLife();
    this.#count = count;
    // What runs answers no ping. What does not run has nothing to wait for, and answers at once.
    if (!isRunning) this.post({ type: "ping" });
    const limitMs = this.#limitMs(label, isRunning);
    if (this.#patience.isOver(limitMs)) {
      this.#end(
        isRunning
          ? `a function ran for more than ${limitMs / 1000} s`
          : "a function left work behind that never ends",
      );
      return;
    }
    void hoardsBuffers(this.#worker, this.#limits.buffersMb).then((hoards) => {
      if (hoards) this.#end(`a function took more than ${this.#limits.buffersMb} MB in buffers`);
    });
  }

  #limitMs(label: RunLabel, isRunning: boolean): number {
    if (!isRunning) return this.#limits.executorSilentMs;
    if (label === "control") return Infinity;
    return label === "load" ? this.#limits.loadMs : this.#limits.transactionMs;
  }

  #end(reason: string): void {
    void this.#worker.terminate();
    this.#report(reason);
  }

  #report(reason: string): void {
    if (this.#over) return;
    const { label, isRunning } = this.#marker.read();
    this.#stop();
    if (!this.#isClosing) this.#died(reason, isRunning ? label : null);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#watchdog);
  }
}
