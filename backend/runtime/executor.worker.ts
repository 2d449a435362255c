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
import { currentFrame } from "./frame.ts";
import { Meters } from "./meters.ts";
import { RunMarker } from "./runMarker.ts";
import { steadyClock } from "./steadyClock.ts";

export type ExecutorWorkerData = {
  dataDir: string;
  deploymentName: string;
  systemEnvironment: Record<string, string>;
  /** Labels of jobs and crons that must not run again by themselves. */
  poisonedJobs: string[];
  /** Memory of a RunMarker. */
  marker: SharedArrayBuffer;
  /** Memory of Meters. */
  meters: SharedArrayBuffer;
};

const exit = process.exit.bind(process);
/** Before functions get a clock of their own in its place. */
const { now: systemNow } = Date;

type ResultMessage = { type: "result"; id: number; outcome: FunctionOutcome };

async function main(): Promise<void> {
  if (parentPort === null) throw new Error("executor.worker.ts runs only as a worker.");
  const { marker, meters, ...options } = workerData as ExecutorWorkerData;
  const main = parentPort;
  const early: ToExecutor[] = [];
  let receive = (message: ToExecutor): void => void early.push(message);
  const channel = new Channel<FromExecutor, ToExecutor>(main, (message) => receive(message));
  const pollers: (() => void)[] = [() => drain<ToExecutor>(main, (message) => receive(message))];
  try {
    const executor = await Executor.open({
      ...options,
      marker: new RunMarker(marker),
      meters: new Meters(meters),
      nowMs: steadyClock({ system: systemNow, steady: () => performance.now() }),
      send: (message) => channel.post(message),
      poll: () => pollers.forEach((poll) => poll()),
      closed: () => {
        channel.flush();
        main.close();
        exit(0);
      },
    });
    receive = (message) => {
      if (message.type === "actionPort") pollers.push(serve(executor, message.port));
      else executor.receive(message);
    };
    for (const message of early) receive(message);
  } catch (error) {
    channel.post({
      type: "failed",
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Answers the calls of an action worker. Returns what takes in its waiting messages at once. */
function serve(executor: Executor, port: MessagePort): () => void {
  const answer = (message: RunMessage) =>
    executor.run(message.request, "call", (outcome) =>
      out.post({ type: "result", id: message.id, outcome }),
    );
  const out = new Channel<ResultMessage, RunMessage>(port, answer);
  return () => drain<RunMessage>(port, answer);
}

function drain<T>(port: MessagePort, receive: (message: T) => void): void {
  for (;;) {
    const batch = receiveMessageOnPort(port)?.message as T[] | undefined;
    if (batch === undefined) return;
    for (const message of batch) receive(message);
  }
}

process.on("unhandledRejection", (reason) => {
  process.stderr.write(`Unhandled rejection in a query or mutation: ${String(reason)}\n`);
});
process.on("uncaughtException", (error) => {
  process.stderr.write(`Uncaught exception in the executor: ${error.stack ?? String(error)}\n`);
  // What a function threw past everyone harms nobody. Our own errors leave this thread in a state that nobody knows.
  if (currentFrame() === undefined) exit(1);
});

void main();
