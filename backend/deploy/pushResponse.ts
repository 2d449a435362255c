/** The answer to start_push, in the shape that the CLI checks and generates code from. */
import type { AnalyzedDefinition } from "../runtime/analyze.worker.ts";
import type { Environment, FunctionManifest } from "../store/deployment.ts";
import { childPath, definitionJson, type Analyzed } from "./mountComponents.ts";

export function pushResponse(of: {
  environment: Environment;
  appAuth: unknown[];
  serverVersion: string;
  analyzed: Analyzed;
}): Record<string, unknown> {
  const { environment, appAuth, serverVersion, analyzed } = of;
  const analysis: Record<string, unknown> = {};
  for (const [path, one] of analyzed) {
    const definition = { ...definitionJson(analyzed, path), path };
    analysis[path] = {
      definition: path === "" ? definition : { ...definition, exports: exportsOf(one) },
      schema: one.schema,
      functions: functionsByModule(one),
      udfConfig: { serverVersion, importPhaseRngSeed: null, importPhaseUnixTimestamp: null },
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

type ExportTree =
  { type: "leaf"; leaf: string } | { type: "branch"; branch: [string, ExportTree][] };

/** What a component offers its parent: its public functions, as a tree of their module paths. */
function exportsOf({ functions }: AnalyzedDefinition): ExportTree {
  const root: ExportTree & { type: "branch" } = { type: "branch", branch: [] };
  for (const { path, visibility } of functions) {
    if (visibility !== "public") continue;
    const colon = path.lastIndexOf(":");
    let at = root;
    for (const part of path.slice(0, colon).split("/")) {
      let next = at.branch.find(([name]) => name === part)?.[1];
      if (next?.type !== "branch") {
        next = { type: "branch", branch: [] };
        at.branch.push([part, next]);
      }
      at = next;
    }
    at.branch.push([
      path.slice(colon + 1),
      {
        type: "leaf",
        leaf: `_reference/function/${path.slice(0, colon)}.js:${path.slice(colon + 1)}`,
      },
    ]);
  }
  return root;
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
  analyzed: Analyzed,
  definitionPath: string,
  componentPath: string,
): Record<string, unknown> {
  const definition = definitionJson(analyzed, definitionPath);
  const children = definition.childComponents.map((child) => [
    child.name,
    checkedComponent(analyzed, child.path, childPath(componentPath, child.name)),
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
