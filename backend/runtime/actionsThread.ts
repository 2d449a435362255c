/** A thread for actions as the main thread sees it: starts it, pings it, and starts another when it hangs or dies. */
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { ActionsWorkerData } from "./actions.worker.ts";
import { Channel } from "./channel.ts";
import type { FromActions, ToActions } from "./messages.ts";

export type ActionsRole = ActionsWorkerData["role"];

export type ActionsThreadOptions = {
  role: ActionsRole;
  receive: (message: FromActions) => void;
  /** The other end of the thread's way to the executor. */
  connect: (port: MessagePort) => void;
  /** The thread is gone and was not asked to go. */
  died: (reason: string) => void;
};

/** HTTP actions carry heartbeats and must not wait long behind one that blocks; actions may compute for a while. */
const UNRESPONSIVE_MS: Record<ActionsRole, number> = { http: 10_000, actions: 60_000 };
const PING_EVERY_MS = 1_000;
const HEAP_LIMIT_MB = 1_024;
/** Almost all that a function allocates dies with it: a larger nursery is collected less often and copies less. */
const YOUNG_MB = 48;

export class ActionsThread {
  readonly #worker: Worker;
  readonly #channel: Channel<ToActions, FromActions>;
  readonly #pings: NodeJS.Timeout;
  #heardAtMs = Date.now();
  #over = false;

  constructor({ role, receive, connect, died }: ActionsThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    connect(port1);
    this.#worker = new Worker(new URL("./actions.worker.ts", import.meta.url), {
      workerData: { role, executorPort: port2 } satisfies ActionsWorkerData,
      transferList: [port2],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#channel = new Channel(this.#worker, (message) => {
      this.#heardAtMs = Date.now();
      if (message.type !== "pong") receive(message);
    });
    let reason = "it ended";
    const report = (why: string) => {
      if (this.#over) return;
      this.#stop();
      died(why);
    };
    this.#worker.on("error", (error) => (reason = String(error)));
    this.#worker.on("exit", () => report(reason));
    this.#pings = setInterval(() => {
      if (Date.now() - this.#heardAtMs < UNRESPONSIVE_MS[role]) return this.post({ type: "ping" });
      void this.#worker.terminate();
      report(`it did not answer for ${UNRESPONSIVE_MS[role] / 1000} s`);
    }, PING_EVERY_MS);
    this.#pings.unref();
  }

  post(message: ToActions): void {
    this.#channel.post(message);
  }

  async terminate(): Promise<void> {
    this.#stop();
    await this.#worker.terminate();
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#pings);
  }
}
