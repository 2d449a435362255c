/** Runs analyze.worker.ts over a pushed package: writes its modules to a folder of their own, waits, cleans up. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Environment } from "../store/deployment.ts";
import type { AnalyzeRequest, AnalyzeResult } from "./analyze.worker.ts";
import { writeModuleFile } from "./materialize.ts";
import { Patience } from "./patience.ts";
import type { PushedDefinition } from "./pushedPackage.ts";
import { THREAD_ENVIRONMENT } from "./threadEnvironment.ts";

/** A module that needs longer to load will never serve a request in time. */
const TIMEOUT_MS = 20_000;
const CHECK_EVERY_MS = 500;

export async function analyze(
  definitions: PushedDefinition[],
  environment: Environment,
  dataDir: string,
): Promise<AnalyzeResult> {
  const directory = mkdtempSync(join(dataDir, "analysis-"));
  try {
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    for (const [at, definition] of definitions.entries())
      writeDefinition(join(directory, String(at)), definition);
    return await runWorker({
      directory,
      environment,
      definitions: definitions.map((one) => ({
        path: one.definitionPath,
        dependencies: one.dependencies,
        hasDefinition: one.definition !== null,
        hasSchema: one.schema !== null,
        modules: one.modules.map(({ path, environment: kind }) => ({ path, environment: kind })),
      })),
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Evaluates auth.config.ts alone, of the app whose modules lie deployed in `directory`. */
export function evaluateAuthConfig(
  directory: string,
  environment: Environment,
): Promise<AnalyzeResult> {
  const app = {
    path: "",
    dependencies: [],
    hasDefinition: false,
    hasSchema: false,
    modules: [{ path: "auth.config.js", environment: "isolate" as const }],
  };
  return runWorker({ directory, environment, definitions: [app] });
}

function writeDefinition(folder: string, definition: PushedDefinition): void {
  for (const module of definition.modules)
    writeModuleFile(join(folder, module.path), module.source, module.sourceMap ?? null);
  if (definition.schema !== null)
    writeModuleFile(join(folder, "schema.js"), definition.schema.source, null);
  if (definition.definition !== null)
    writeModuleFile(join(folder, "convex.config.js"), definition.definition.source, null);
}

function runWorker(request: AnalyzeRequest): Promise<AnalyzeResult> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./analyze.worker.ts", import.meta.url), {
      workerData: request,
      env: THREAD_ENVIRONMENT,
    });
    const patience = new Patience(CHECK_EVERY_MS);
    patience.signOfLife();
    const finish = (result: AnalyzeResult) => {
      clearInterval(watchdog);
      void worker.terminate();
      resolve(result);
    };
    const fail = (message: string) => finish({ ok: false, code: "InvalidModules", message });
    const watchdog = setInterval(() => {
      if (patience.isOver(TIMEOUT_MS))
        fail(`Loading the modules took longer than ${TIMEOUT_MS / 1000} s.`);
    }, CHECK_EVERY_MS);
    worker.on("message", finish);
    worker.on("error", (error) => fail(`Loading the modules failed: ${String(error)}`));
    worker.on("exit", (code) =>
      fail(`A module ended the process while it was loaded (exit code ${code}).`),
    );
  });
}
