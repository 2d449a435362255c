/**
 * A thread for code that runs outside of transactions: one such worker runs HTTP actions, another one actions, so that an
 * action that blocks delays no heartbeat. Database access goes to the executor over a port of its own.
 */
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import type { ModuleEnvironment } from "../store/deployment.ts";
import { ActionRunner } from "./actionRunner.ts";
import { Channel } from "./channel.ts";
import type { FunctionOutcome } from "./engine.ts";
import { installGlobals } from "./globals.ts";
import { rememberResponseTexts } from "./httpMessages.ts";
import type { Deployment, FromActions, RunMessage, ToActions } from "./messages.ts";
import { loadPackage } from "./modules.ts";
import { installNodeRequire } from "./nodeRequire.ts";
import { actionSyscalls } from "./syscalls/actionCalls.ts";
import { tidyHeapSoon } from "./tidyHeap.ts";

export type ActionsWorkerData = {
  role: "http" | "actions";
  executorPort: MessagePort;
  actionMs: number;
};

const ENVIRONMENTS: Record<ActionsWorkerData["role"], ModuleEnvironment[]> = {
  http: ["isolate"],
  actions: ["isolate", "node"],
};

function main(): void {
  if (parentPort === null) throw new Error("actions.worker.ts runs only as a worker.");
  const { role, executorPort, actionMs } = workerData as ActionsWorkerData;
  const executor = new Channel<
    RunMessage,
    { type: "result"; id: number; outcome: FunctionOutcome }
  >(executorPort, (message) => runner.answered(message.id, message.outcome));
  const main = new Channel<FromActions, ToActions>(parentPort, (message) => void receive(message));
  const runner = new ActionRunner({
    role,
    actionMs,
    toExecutor: (message) => executor.post(message),
    toMain: (message) => main.post(message),
  });
  installGlobals(actionSyscalls(runner));
  if (role === "http") rememberResponseTexts();
  else installNodeRequire();

  const receive = (message: ToActions) =>
    handle(message, role, runner, (answer) => main.post(answer));
}

async function handle(
  message: ToActions,
  role: ActionsWorkerData["role"],
  runner: ActionRunner,
  answer: (message: FromActions) => void,
): Promise<void> {
  switch (message.type) {
    case "load":
      return answer(await load(message.deployment, role, runner));
    case "action": {
      const outcome = await runner.runAction(message.call, message.trusted);
      return answer({ type: "actionResult", id: message.id, outcome });
    }
    case "http": {
      const response = await runner.runHttp(message.request);
      return answer({ type: "httpResult", id: message.id, response });
    }
    case "result":
      return runner.answered(message.id, message.outcome);
    case "ping":
      return answer({ type: "pong" });
    case "log":
      runner.logEnabled = message.enabled;
      return;
    default:
      throw new Error(
        `Unknown message to an action worker: ${JSON.stringify(message satisfies never)}`,
      );
  }
}

async function load(
  deployment: Deployment,
  role: ActionsWorkerData["role"],
  runner: ActionRunner,
): Promise<FromActions> {
  const { generation } = deployment;
  try {
    runner.use(await loadPackage(deployment, ENVIRONMENTS[role]));
    tidyHeapSoon();
    return { type: "loaded", generation };
  } catch (error) {
    return { type: "loaded", generation, error: String(error) };
  }
}

// An action's stray promise or emitter must not end the thread that others' actions run on.
process.on("unhandledRejection", (reason) => {
  process.stderr.write(`Unhandled rejection in an action: ${String(reason)}\n`);
});
process.on("uncaughtException", (error) => {
  process.stderr.write(`Uncaught exception in an action: ${String(error)}\n`);
});

main();
