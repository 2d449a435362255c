/**
 * Runs analyze.worker.ts over modules, in a thread that may hang or die: over those of a pushed package, in a folder of
 * their own, and over the deployed ones before they are loaded with another environment.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Environment, PackageManifest } from "../store/deployment.ts";
import type { AnalyzeRequest, AnalyzeResult, FromAnalysis } from "./analyze.worker.ts";
import { writeModuleFile } from "./materialize.ts";
import { Patience, processCpuMs } from "./patience.ts";
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

/** Imports the modules that lie deployed in `directory` with another environment: the real threads are to survive it. */
export function rehearse(
  directory: string,
  manifest: PackageManifest,
  environment: Environment,
): Promise<AnalyzeResult> {
  return runWorker({
    directory,
    environment,
    definitions: manifest.definitions.map(({ path, modules }) => ({
      path,
      dependencies: [],
      hasDefinition: false,
      hasSchema: false,
      modules,
    })),
  });
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
    // A module that sleeps leaves the processor alone by its own choice, and is no victim of a busy machine.
    const servedMs = () => processCpuMs() + worker.performance.eventLoopUtilization().idle;
    const patience = new Patience(CHECK_EVERY_MS, servedMs);
    patience.signOfLife();
    let importing = "The modules";
    const finish = (result: AnalyzeResult) => {
      clearInterval(watchdog);
      void worker.terminate();
      resolve(result);
    };
    const fail = (message: string) => finish({ ok: false, code: "InvalidModules", message });
    const watchdog = setInterval(() => {
      if (patience.isOver(TIMEOUT_MS))
        fail(`${importing} took longer than ${TIMEOUT_MS / 1000} s to load.`);
    }, CHECK_EVERY_MS);
    worker.on("message", (message: FromAnalysis) => {
      if (message.type === "importing") importing = message.path;
      else finish(message.result);
    });
    worker.on("error", (error) => fail(`${importing} could not be loaded: ${String(error)}`));
    worker.on("exit", (code) =>
      fail(
        code === 0
          ? `${importing} awaits something that never comes, or ends the process, when it is loaded.`
          : `${importing} ended the process when it was loaded (exit code ${code}).`,
      ),
    );
  });
}
