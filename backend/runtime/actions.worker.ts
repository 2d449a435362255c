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
import type { FromActions, RunMessage, ToActions } from "./messages.ts";
import { loadPackage } from "./modules.ts";
import { installNodeRequire } from "./nodeRequire.ts";

export type ActionsWorkerData = {
  role: "http" | "actions";
  executorPort: MessagePort;
};

const ENVIRONMENTS: Record<ActionsWorkerData["role"], ModuleEnvironment[]> = {
  http: ["isolate"],
  actions: ["isolate", "node"],
};

function main(): void {
  if (parentPort === null) throw new Error("actions.worker.ts runs only as a worker.");
  const { role, executorPort } = workerData as ActionsWorkerData;
  const executor = new Channel<
    RunMessage,
    { type: "result"; id: number; outcome: FunctionOutcome }
  >(executorPort, (message) => runner.executorAnswered(message.id, message.outcome));
  const main = new Channel<FromActions, ToActions>(parentPort, (message) => void receive(message));
  const runner = new ActionRunner({
    role,
    toExecutor: (message) => executor.post(message),
    toMain: (message) => main.post(message),
  });
  installGlobals(runner.syscalls());
  if (role === "http") rememberResponseTexts();
  else installNodeRequire();

  const receive = async (message: ToActions): Promise<void> => {
    switch (message.type) {
      case "load":
        try {
          runner.use(await loadPackage(message.deployment, ENVIRONMENTS[role]));
          main.post({ type: "loaded", generation: message.deployment.generation });
        } catch (error) {
          main.post({
            type: "loaded",
            generation: message.deployment.generation,
            error: String(error),
          });
        }
        return;
      case "action":
        main.post({
          type: "actionResult",
          id: message.id,
          outcome: await runner.runAction(message.call, message.trusted),
        });
        return;
      case "http":
        main.post({
          type: "httpResult",
          id: message.id,
          response: await runner.runHttp(message.request),
        });
        return;
      case "result":
        runner.mainAnswered(message.id, message.outcome);
        return;
      case "ping":
        main.post({ type: "pong" });
        return;
      case "log":
        runner.logEnabled = message.enabled;
        return;
      default:
        throw new Error(
          `Unknown message to an action worker: ${JSON.stringify(message satisfies never)}`,
        );
    }
  };
}

// An action's stray promise or emitter must not end the thread that others' actions run on.
process.on("unhandledRejection", (reason) => {
  process.stderr.write(`Unhandled rejection in an action: ${String(reason)}\n`);
});
process.on("uncaughtException", (error) => {
  process.stderr.write(`Uncaught exception in an action: ${String(error)}\n`);
});

main();
