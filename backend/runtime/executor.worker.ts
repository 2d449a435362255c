/** The executor's thread: connects Executor to the main thread and to the ports of the action workers. Nothing else. */
import {
  parentPort,
  receiveMessageOnPort,
  workerData,
  type MessagePort,
} from "node:worker_threads";
import { Channel } from "./channel.ts";
import type { FunctionOutcome } from "./engine.ts";
import { Executor } from "./executor.ts";
import type { FromExecutor, RunMessage, ToExecutor } from "./messages.ts";

export type ExecutorWorkerData = {
  dataDir: string;
  deploymentName: string;
  systemEnvironment: Record<string, string>;
  /** One for each action worker, which speaks RunMessage over it. */
  actionPorts: MessagePort[];
};

type ResultMessage = { type: "result"; id: number; outcome: FunctionOutcome };

async function main(): Promise<void> {
  if (parentPort === null) throw new Error("executor.worker.ts runs only as a worker.");
  const { actionPorts, ...options } = workerData as ExecutorWorkerData;
  const main = parentPort;
  const early: ToExecutor[] = [];
  let receive = (message: ToExecutor): void => void early.push(message);
  const channel = new Channel<FromExecutor, ToExecutor>(main, (message) => receive(message));
  const pollers: (() => void)[] = [() => drain<ToExecutor>(main, (message) => receive(message))];
  try {
    const executor = await Executor.open({
      ...options,
      nowMs: () => performance.timeOrigin + performance.now(),
      send: (message) => channel.post(message),
      poll: () => pollers.forEach((poll) => poll()),
      closed: () => {
        channel.flush();
        main.close();
      },
    });
    for (const port of actionPorts) {
      const answer = (message: RunMessage) =>
        executor.run(message.request, (outcome) =>
          out.post({ type: "result", id: message.id, outcome }),
        );
      const out = new Channel<ResultMessage, RunMessage>(port, answer);
      pollers.push(() => drain<RunMessage>(port, answer));
    }
    receive = (message) => executor.receive(message);
    for (const message of early) receive(message);
  } catch (error) {
    channel.post({
      type: "failed",
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

function drain<T>(port: MessagePort, receive: (message: T) => void): void {
  for (;;) {
    const batch = receiveMessageOnPort(port) as { message: T[] } | undefined;
    if (batch === undefined) return;
    for (const message of batch.message) receive(message);
  }
}

process.on("unhandledRejection", (reason) => {
  process.stderr.write(`Unhandled rejection in a query or mutation: ${String(reason)}\n`);
});

void main();
