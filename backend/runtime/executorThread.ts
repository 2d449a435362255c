/** The executor's thread as the main thread sees it: starts it, watches it, tells who was running when it died. */
import { Worker, type MessagePort } from "node:worker_threads";
import { Channel } from "./channel.ts";
import type { ExecutorWorkerData } from "./executor.worker.ts";
import type { FromExecutor, ToExecutor } from "./messages.ts";
import { RunMarker, type RunLabel } from "./runMarker.ts";

export type ExecutorThreadOptions = Omit<ExecutorWorkerData, "marker"> & {
  receive: (message: FromExecutor) => void;
  /** `running` is the function that was executing, if any. Not called after `terminate`. */
  died: (reason: string, running: RunLabel | null) => void;
};

/** Convex allows a second of computing; this leaves room for slow machines and large reads, in real time. */
const TRANSACTION_LIMIT_MS = 5_000;
const CHECK_EVERY_MS = 250;
const HEAP_LIMIT_MB = 2_048;
/** Almost all that a function allocates dies with it: a larger nursery is collected less often and copies less. */
const YOUNG_MB = 48;

export class ExecutorThread {
  readonly #worker: Worker;
  readonly #channel: Channel<ToExecutor, FromExecutor>;
  readonly #marker = new RunMarker();
  readonly #watchdog: NodeJS.Timeout;
  #over = false;

  constructor({ receive, died, ...data }: ExecutorThreadOptions) {
    this.#worker = new Worker(new URL("./executor.worker.ts", import.meta.url), {
      workerData: { ...data, marker: this.#marker.buffer } satisfies ExecutorWorkerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#channel = new Channel(this.#worker, receive);
    let reason = "it ended";
    this.#worker.on("error", (error) => (reason = String(error)));
    const report = (why: string) => {
      if (this.#over) return;
      const running = this.#marker.read()?.label ?? null;
      this.#stop();
      died(why, running);
    };
    this.#worker.on("exit", () => report(reason));
    this.#watchdog = setInterval(() => {
      const running = this.#marker.read();
      if (running === null || Date.now() - running.sinceMs < TRANSACTION_LIMIT_MS) return;
      void this.#worker.terminate();
      report(`a function ran for more than ${TRANSACTION_LIMIT_MS / 1000} s`);
    }, CHECK_EVERY_MS);
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
    this.#stop();
    const gone = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#channel.post({ type: "close" });
    return gone;
  }

  async terminate(): Promise<void> {
    this.#stop();
    await this.#worker.terminate();
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#watchdog);
  }
}
