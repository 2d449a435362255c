/** Lays out the tree of mounted components from what their definitions export, and checks what the tree must hold to. */
import type { AnalyzedDefinition } from "../runtime/analyze.worker.ts";
import { EngineError } from "../runtime/engine.ts";
import type { ComponentManifest, EnvBinding, Environment } from "../store/deployment.ts";

type ChildJson = { name: string; path: string; env: [string, EnvBinding][] | null };

/** What `export()` of convex.config.ts says. */
export type DefinitionJson = {
  definitionType?: { type: string; name?: string };
  childComponents: ChildJson[];
  httpMounts: Record<string, string>;
  exports: unknown;
  httpPrefix?: string;
  envVars?: [string, { optional?: boolean }][];
};

/** By definition path; the app has the empty one. */
export type Analyzed = Map<string, AnalyzedDefinition>;

const CHILD_REFERENCE = "_reference/childComponent/";

const NO_DEFINITION: DefinitionJson = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  exports: { type: "branch", branch: [] },
};

export function definitionJson(analyzed: Analyzed, path: string): DefinitionJson {
  return (analyzed.get(path)?.definition ?? NO_DEFINITION) as DefinitionJson;
}

export function childPath(componentPath: string, name: string): string {
  return componentPath === "" ? name : `${componentPath}/${name}`;
}

/** Parents before children. Throws an EngineError when a required variable is missing or a name is taken twice. */
export function mountComponents(analyzed: Analyzed, environment: Environment): ComponentManifest[] {
  const missing = required(definitionJson(analyzed, "")).filter(
    (name) => environment[name] === undefined,
  );
  if (missing.length > 0) {
    throw new EngineError(
      "MissingEnvironmentVariables",
      `Environment variables declared as required in convex.config.ts are not set: ${missing.join(", ")}.`,
      400,
    );
  }
  if (definitionJson(analyzed, "").httpPrefix !== undefined) {
    throw new EngineError(
      "UnsupportedFeature",
      "defineApp() has an httpPrefix, which the embedded backend does not support. Remove it, or deploy to Convex Cloud or self-hosted Convex.",
      400,
    );
  }
  return mount(analyzed, "", "", {});
}

function mount(
  analyzed: Analyzed,
  definitionPath: string,
  path: string,
  env: Record<string, EnvBinding>,
): ComponentManifest[] {
  const { childComponents, httpMounts: references } = definitionJson(analyzed, definitionPath);
  const children: Record<string, string> = {};
  const below = childComponents.flatMap((child) => {
    const mountedAt = childPath(path, child.name);
    if (children[child.name] !== undefined) {
      throw invalid(`Two components are mounted as "${mountedAt}": give one of them another name.`);
    }
    children[child.name] = mountedAt;
    const bindings = Object.fromEntries(child.env ?? []);
    const unbound = required(definitionJson(analyzed, child.path)).filter(
      (name) => bindings[name] === undefined,
    );
    if (unbound.length > 0) {
      throw invalid(
        `Component "${mountedAt}" requires environment variables that are not passed to it: ${unbound.join(", ")}.`,
      );
    }
    return mount(analyzed, child.path, mountedAt, bindings);
  });
  const httpMounts = Object.fromEntries(
    Object.entries(references).map(([prefix, reference]) => [
      prefix,
      childPath(path, reference.slice(CHILD_REFERENCE.length)),
    ]),
  );
  return [{ path, definitionPath, children, env, httpMounts }, ...below];
}

function required({ envVars }: DefinitionJson): string[] {
  return (envVars ?? []).filter(([, { optional }]) => optional !== true).map(([name]) => name);
}

function invalid(message: string): EngineError {
  return new EngineError("InvalidComponentDefinition", message, 400);
}
