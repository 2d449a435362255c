/**
 * The first half of a push: completes the modules that the CLI left out because they are unchanged, has the package
 * analysed, lays out the tree of components, and answers in the shape that the CLI checks and generates code from.
 */
import { createHash } from "node:crypto";
import { analyze } from "../runtime/analyze.ts";
import { EngineError } from "../runtime/engine.ts";
import type { PushedDefinition, PushedModule, PushedPackage } from "../runtime/pushedPackage.ts";
import type { Supervisor } from "../runtime/supervisor.ts";
import type { ModuleSource } from "../store/deployment.ts";
import type { StartPushBody } from "./bodies.ts";
import { mountComponents } from "./mountComponents.ts";
import { pushResponse } from "./pushResponse.ts";

export type StartedPush = { response: Record<string, unknown>; pushed: PushedPackage };

/** Throws EngineErrors with the codes that the CLI explains. */
export async function startPush(
  supervisor: Supervisor,
  dataDir: string,
  request: StartPushBody,
): Promise<StartedPush> {
  const definitions = await completeDefinitions(supervisor, request);
  const { environment } = supervisor.deployment();
  const analysis = await analyze(definitions, environment, dataDir);
  if (!analysis.ok) throw new EngineError(analysis.code, analysis.message, 400);
  const analyzed = new Map(
    definitions.flatMap(({ definitionPath }, at) => {
      const one = analysis.definitions[at];
      return one === undefined ? [] : [[definitionPath, one]];
    }),
  );
  const components = mountComponents(analyzed, environment);
  const pushed: PushedPackage = {
    manifest: {
      serverVersion: request.appDefinition.udfServerVersion,
      authProviders: analysis.authProviders,
      components,
      definitions: definitions.map((one) => ({
        path: one.definitionPath,
        modules: one.modules.map((module) => ({
          path: module.path,
          environment: module.environment,
          hash: hashOf(module),
        })),
        functions: analyzed.get(one.definitionPath)?.functions ?? [],
        schema: analyzed.get(one.definitionPath)?.schema ?? null,
        crons: analyzed.get(one.definitionPath)?.crons ?? {},
      })),
    },
    sources: definitions.flatMap((one) =>
      one.modules.map((module) => ({
        hash: hashOf(module),
        source: module.source,
        sourceMap: module.sourceMap ?? null,
      })),
    ),
  };
  const response = pushResponse({
    environment,
    appAuth: analysis.authProviders,
    serverVersion: request.appDefinition.udfServerVersion,
    analyzed,
  });
  return { pushed, response };
}

async function completeDefinitions(
  supervisor: Supervisor,
  { appDefinition, componentDefinitions }: StartPushBody,
): Promise<PushedDefinition[]> {
  const hashes = appDefinition.unchangedModuleHashes.map((one) => one.sha256);
  const stored = await supervisor.control<Record<string, ModuleSource>>({ op: "modules", hashes });
  const unchanged = appDefinition.unchangedModuleHashes.map(
    ({ path, environment, sha256 }): PushedModule => {
      const module = stored[sha256];
      if (module === undefined)
        throw new EngineError(
          "ModuleNotFound",
          `Unchanged module ${path} is not on the server: push again.`,
          400,
        );
      return {
        path,
        environment,
        source: module.source,
        ...(module.sourceMap === null ? {} : { sourceMap: module.sourceMap }),
      };
    },
  );
  return [
    {
      definitionPath: "",
      definition: appDefinition.definition,
      dependencies: appDefinition.dependencies,
      schema: appDefinition.schema,
      modules: [...appDefinition.changedModules, ...unchanged],
    },
    ...componentDefinitions.map(({ functions, ...one }) => ({ ...one, modules: functions })),
  ];
}

/** As the CLI computes it: it decides by this hash what is unchanged. */
function hashOf({ source, sourceMap }: PushedModule): string {
  return createHash("sha256")
    .update(source)
    .update(sourceMap ?? "")
    .digest("hex");
}
