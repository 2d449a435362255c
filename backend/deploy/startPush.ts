/**
 * The first half of a push: completes the modules that the CLI left out because they are unchanged, has the package
 * analysed, lays out the tree of components, and answers in the shape that the CLI checks and generates code from.
 */
import { createHash } from "node:crypto";
import { analyze } from "../runtime/analyze.ts";
import type { AnalyzedDefinition } from "../runtime/analyze.worker.ts";
import { EngineError } from "../runtime/engine.ts";
import type { PushedDefinition, PushedModule, PushedPackage } from "../runtime/pushedPackage.ts";
import type { Supervisor } from "../runtime/supervisor.ts";
import type {
  ComponentManifest,
  EnvBinding,
  FunctionManifest,
  ModuleEnvironment,
  ModuleSource,
} from "../store/deployment.ts";

type StartPushRequest = {
  appDefinition: {
    definition: PushedModule | null;
    dependencies: string[];
    schema: PushedModule | null;
    changedModules: PushedModule[];
    unchangedModuleHashes: { path: string; environment: ModuleEnvironment; sha256: string }[];
    udfServerVersion: string;
  };
  componentDefinitions: {
    definitionPath: string;
    definition: PushedModule;
    dependencies: string[];
    schema: PushedModule | null;
    functions: PushedModule[];
  }[];
};

type ChildJson = { name: string; path: string; env: [string, EnvBinding][] | null };
type DefinitionJson = {
  definitionType?: { type: string; name?: string };
  childComponents: ChildJson[];
  httpMounts: Record<string, string>;
  exports: unknown;
  envVars?: [string, { optional?: boolean }][];
};

export type StartedPush = { response: Record<string, unknown>; pushed: PushedPackage };

const NO_DEFINITION: DefinitionJson = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  exports: { type: "branch", branch: [] },
};

/** Throws EngineErrors with the codes that the CLI explains. */
export async function startPush(
  supervisor: Supervisor,
  dataDir: string,
  body: unknown,
): Promise<StartedPush> {
  const request = body as StartPushRequest;
  const definitions = await completeDefinitions(supervisor, request);
  const { environment } = supervisor.deployment();
  const analysis = await analyze(definitions, environment, dataDir);
  if (!analysis.ok) throw new EngineError(analysis.code, analysis.message, 400);
  const analyzed = new Map(
    definitions.map((one, at) => [one.definitionPath, analysis.definitions[at]]),
  );
  checkEnvironment(definitionJson(analyzed, ""), environment);
  const components = mount(analyzed, "", "", {});
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
  return { pushed, response: respond(environment, analysis.authProviders, analyzed, request) };
}

async function completeDefinitions(
  supervisor: Supervisor,
  { appDefinition, componentDefinitions }: StartPushRequest,
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

function definitionJson(
  analyzed: Map<string, AnalyzedDefinition | undefined>,
  path: string,
): DefinitionJson {
  return (analyzed.get(path)?.definition ?? NO_DEFINITION) as DefinitionJson;
}

function mount(
  analyzed: Map<string, AnalyzedDefinition | undefined>,
  definitionPath: string,
  componentPath: string,
  env: Record<string, EnvBinding>,
): ComponentManifest[] {
  const children: Record<string, string> = {};
  const below = definitionJson(analyzed, definitionPath).childComponents.flatMap((child) => {
    const path = componentPath === "" ? child.name : `${componentPath}/${child.name}`;
    children[child.name] = path;
    return mount(analyzed, child.path, path, Object.fromEntries(child.env ?? []));
  });
  return [{ path: componentPath, definitionPath, children, env }, ...below];
}

function checkEnvironment(
  { envVars = [] }: DefinitionJson,
  environment: Record<string, string>,
): void {
  const missing = envVars
    .filter(([name, { optional }]) => optional !== true && environment[name] === undefined)
    .map(([name]) => name);
  if (missing.length === 0) return;
  throw new EngineError(
    "MissingEnvironmentVariables",
    `Environment variables declared as required in convex.config.ts are not set: ${missing.join(", ")}.`,
    400,
  );
}

function respond(
  environment: Record<string, string>,
  appAuth: unknown[],
  analyzed: Map<string, AnalyzedDefinition | undefined>,
  { appDefinition }: StartPushRequest,
): Record<string, unknown> {
  const analysis: Record<string, unknown> = {};
  for (const [path, one] of analyzed) {
    if (one === undefined) continue;
    analysis[path] = {
      definition: { ...definitionJson(analyzed, path), path },
      schema: one.schema,
      functions: functionsByModule(one),
      udfConfig: {
        serverVersion: appDefinition.udfServerVersion,
        importPhaseRngSeed: null,
        importPhaseUnixTimestamp: null,
      },
    };
  }
  return {
    environmentVariables: environment,
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth,
    analysis,
    app: checkedComponent(analyzed, "", ""),
  };
}

function functionsByModule({
  functions,
  httpRoutes,
  crons,
}: AnalyzedDefinition): Record<string, unknown> {
  const modules: Record<
    string,
    { functions: unknown[]; httpRoutes: unknown; cronSpecs: unknown; sourceMapped: null }
  > = {};
  const moduleOf = (path: string) =>
    (modules[path] ??= { functions: [], httpRoutes: null, cronSpecs: null, sourceMapped: null });
  for (const fn of functions)
    moduleOf(`${fn.path.slice(0, fn.path.lastIndexOf(":"))}.js`).functions.push(
      analyzedFunction(fn),
    );
  if (httpRoutes !== null) moduleOf("http.js").httpRoutes = httpRoutes;
  if (Object.keys(crons).length > 0) moduleOf("crons.js").cronSpecs = Object.entries(crons);
  return modules;
}

function analyzedFunction(fn: FunctionManifest): Record<string, unknown> {
  return {
    name: fn.path.slice(fn.path.lastIndexOf(":") + 1),
    pos: null,
    udfType: { query: "Query", mutation: "Mutation", action: "Action" }[fn.type],
    visibility: { kind: fn.visibility },
    args: fn.args,
    returns: fn.returns,
  };
}

function checkedComponent(
  analyzed: Map<string, AnalyzedDefinition | undefined>,
  definitionPath: string,
  componentPath: string,
): Record<string, unknown> {
  const definition = definitionJson(analyzed, definitionPath);
  const children = definition.childComponents.map((child) => [
    child.name,
    checkedComponent(
      analyzed,
      child.path,
      componentPath === "" ? child.name : `${componentPath}/${child.name}`,
    ),
  ]);
  return {
    definitionPath,
    componentPath,
    args: {},
    childComponents: Object.fromEntries(children) as unknown,
    httpRoutes: {
      httpModuleRoutes: analyzed.get(definitionPath)?.httpRoutes ?? null,
      mounts: Object.keys(definition.httpMounts),
    },
    exports: {},
  };
}
