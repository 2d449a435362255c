/** A thread for actions as the main thread sees it: starts it, pings it, and ends it when it hangs or hoards. */
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { ActionsWorkerData } from "./actions.worker.ts";
import { Channel } from "./channel.ts";
import { forwardLines } from "./forwardLines.ts";
import { hoardsBuffers } from "./memoryGuard.ts";
import type { FromActions, ToActions } from "./messages.ts";
import { Patience } from "./patience.ts";
import { THREAD_ENVIRONMENT } from "./threadEnvironment.ts";
import type { ThreadLimits } from "./threadLimits.ts";

export type ActionsRole = ActionsWorkerData["role"];

export type ActionsThreadOptions = {
  role: ActionsRole;
  limits: ThreadLimits;
  receive: (message: Exclude<FromActions, { type: "pong" }>) => void;
  /** The other end of the thread's way to the executor. */
  connect: (port: MessagePort) => void;
  /** The thread is gone and was not asked to go. */
  died: (reason: string) => void;
  log: (line: string) => void;
};

const CHECK_EVERY_MS = 250;
/** Half of the executor's: these threads have less to do, and after loading modules keep what they were given. */
const YOUNG_MB = 24;

export class ActionsThread {
  readonly #worker: Worker;
  readonly #channel: Channel<ToActions, FromActions>;
  readonly #options: ActionsThreadOptions;
  readonly #watchdog: NodeJS.Timeout;
  readonly #patience = new Patience(CHECK_EVERY_MS);
  #over = false;

  constructor(options: ActionsThreadOptions) {
    const { role, limits, receive, connect, log } = options;
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    connect(port1);
    this.#worker = new Worker(new URL("./actions.worker.ts", import.meta.url), {
      workerData: {
        role,
        executorPort: port2,
        actionMs: limits.actionMs,
      } satisfies ActionsWorkerData,
      transferList: [port2],
      env: THREAD_ENVIRONMENT,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: limits.actionsHeapMb,
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

  post(message: ToActions): void {
    this.#channel.post(message);
  }

  async terminate(): Promise<void> {
    this.#stop();
    await this.#worker.terminate();
  }

  #watch(): void {
    const { role, limits } = this.#options;
    const silentMs = role === "http" ? limits.httpSilentMs : limits.actionsSilentMs;
    this.post({ type: "ping" });
    if (this.#patience.isOver(silentMs)) {
      this.#end(`it did not answer for ${silentMs / 1000} s`);
      return;
    }
    void hoardsBuffers(this.#worker, limits.buffersMb).then((hoards) => {
      if (hoards) this.#end(`an action took more than ${limits.buffersMb} MB in buffers`);
    });
  }

  #end(reason: string): void {
    void this.#worker.terminate();
    this.#report(reason);
  }

  #report(reason: string): void {
    if (this.#over) return;
    this.#stop();
    this.#options.died(reason);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#watchdog);
  }
}
