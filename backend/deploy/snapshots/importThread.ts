/** Starts import.worker.ts for one job and passes its questions on to the executor. */
import { Worker } from "node:worker_threads";
import type { Supervisor } from "../../runtime/supervisor.ts";
import type { FromImport, ImportJob, ToImport } from "./import.worker.ts";
import { THREAD_ENVIRONMENT } from "../../runtime/threadEnvironment.ts";

export type ImportResult = Extract<FromImport, { type: "looked" | "performed" | "failed" }>;

/** Never rejects: a thread that dies is a failed import. */
export function runImportJob(
  supervisor: Supervisor,
  job: ImportJob,
  progress: (message: string, isCheckpoint: boolean) => void,
): Promise<ImportResult> {
  return new Promise((resolve) => {
    const url = new URL("./import.worker.ts", import.meta.url);
    const worker = new Worker(url, { workerData: job, env: THREAD_ENVIRONMENT });
    const answer = (message: ToImport) => worker.postMessage(message);
    const finish = (result: ImportResult) => {
      void worker.terminate();
      resolve(result);
    };
    worker.on("message", (message: FromImport) => {
      switch (message.type) {
        case "ask":
          supervisor.control({ op: "import", step: message.step }).then(
            (value) => answer({ id: message.id, value }),
            (error: Error) => answer({ id: message.id, error: error.message }),
          );
          return;
        case "progress":
          progress(message.message, message.checkpoint);
          return;
        case "looked":
        case "performed":
        case "failed":
          finish(message);
          return;
        default:
          message satisfies never;
      }
    });
    worker.once("error", (error) => finish({ type: "failed", message: String(error) }));
    worker.once("exit", () => finish({ type: "failed", message: "its thread ended" }));
  });
}
