/**
 * Loads a deployed package into a worker: imports its modules, finds the registered functions, and lays out the tree of
 * mounted components. Everything is imported at once, so that no transaction ever waits for a file.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  ComponentManifest,
  CronJson,
  DefinitionManifest,
  Environment,
  FunctionManifest,
  ModuleEnvironment,
  SchemaJson,
} from "../store/deployment.ts";
import { compileValidator, type Check, type ValidatorJson } from "../values/validator.ts";
import type { FunctionType } from "./engine.ts";
import { functionHandle, type ComponentTree, type ResolvedFunction } from "./functionPath.ts";
import { setImportEnvironment } from "./globals.ts";
import type { Deployment } from "./messages.ts";

/** A function as convex/server registers it. */
export type Registered = {
  isQuery?: boolean;
  isMutation?: boolean;
  isAction?: boolean;
  isPublic?: boolean;
  isInternal?: boolean;
  invokeQuery(args: string): Promise<string>;
  invokeMutation(args: string): Promise<string>;
  invokeAction(requestId: string, args: string): Promise<string>;
  exportArgs(): string;
  exportReturns(): string;
};

export type HttpRouter = {
  isRouter: true;
  lookup(path: string, method: string): [HttpHandler, string, string] | null;
  getRoutes(): [string, string, HttpHandler][];
};
export type HttpHandler = { invokeHttpAction(request: Request): Promise<Response> };

export type LoadedFunction = {
  type: FunctionType;
  visibility: "public" | "internal";
  checkArgs: Check;
  checkReturns: Check | null;
  registered: Registered;
};

export type LoadedSchema = {
  enforced: boolean;
  /** By table; the check of its documents without system fields. */
  tables: Map<string, { check: Check; json: ValidatorJson }>;
};

export type LoadedDefinition = {
  path: string;
  functions: Map<string, LoadedFunction>;
  router: HttpRouter | null;
  crons: Record<string, CronJson>;
  schema: LoadedSchema | null;
};

export type ComponentInstance = {
  path: string;
  definition: LoadedDefinition;
  environment: Environment;
};

export type Route = { component: ComponentInstance; handler: HttpHandler };

export class LoadedPackage implements ComponentTree {
  readonly components = new Map<string, ComponentInstance>();
  readonly #children = new Map<string, Record<string, string>>();
  readonly #httpMounts = new Map<string, [prefix: string, child: string][]>();
  readonly #handles = new Map<string, ResolvedFunction>();
  readonly #instanceSecret: string;
  /** Where the contents of stored files lie. */
  readonly filesDirectory: string;

  constructor(deployment: Deployment, definitions: Map<string, LoadedDefinition>) {
    this.filesDirectory = deployment.filesDirectory;
    this.#instanceSecret = deployment.instanceSecret;
    for (const mounted of deployment.manifest?.components ?? []) {
      const definition = definitions.get(mounted.definitionPath);
      if (definition === undefined)
        throw new Error(`Component definition ${mounted.definitionPath} is missing.`);
      const environment = this.#environmentOf(mounted, deployment.environment);
      this.components.set(mounted.path, { path: mounted.path, definition, environment });
      this.#children.set(mounted.path, mounted.children);
      this.#httpMounts.set(
        mounted.path,
        Object.entries(mounted.httpMounts ?? {}).sort(([a], [b]) => b.length - a.length),
      );
      for (const path of definition.functions.keys()) {
        const target = { componentPath: mounted.path, path };
        this.#handles.set(functionHandle(this.#instanceSecret, target), target);
      }
    }
  }

  /** Parents stand before their children in the manifest. */
  #environmentOf({ path, env }: ComponentManifest, root: Environment): Environment {
    if (path === "") return root;
    const parent = this.components.get(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    return bound(parent?.environment ?? {}, env, root);
  }

  childOf(componentPath: string, name: string): string | null {
    return this.#children.get(componentPath)?.[name] ?? null;
  }

  handle(handle: string): ResolvedFunction | null {
    return this.#handles.get(handle) ?? null;
  }

  handleFor(target: ResolvedFunction): string {
    return functionHandle(this.#instanceSecret, target);
  }

  /** Who answers a request: the component that is mounted at the longest prefix of the path, else the one asked. */
  route(path: string, method: string, componentPath = ""): Route | null {
    const mounts = this.#httpMounts.get(componentPath) ?? [];
    for (const [prefix, child] of mounts) {
      if (path.startsWith(prefix)) return this.route(path.slice(prefix.length - 1), method, child);
    }
    const component = this.components.get(componentPath);
    const match = component?.definition.router?.lookup(path, method);
    return component === undefined || match == null ? null : { component, handler: match[0] };
  }

  function(target: ResolvedFunction): { component: ComponentInstance; fn: LoadedFunction } | null {
    const component = this.components.get(target.componentPath);
    const fn = component?.definition.functions.get(target.path);
    return component === undefined || fn === undefined ? null : { component, fn };
  }
}

/** What a mounted component sees: what its parent passes to it, and the deployment's own addresses. */
function bound(
  parent: Environment,
  bindings: ComponentManifest["env"],
  addresses: Environment,
): Environment {
  const environment: Environment = {};
  for (const [name, binding] of Object.entries(bindings)) {
    const value = binding.type === "value" ? binding.value : parent[binding.name];
    if (value !== undefined) environment[name] = value;
  }
  for (const name of ["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]) {
    if (addresses[name] !== undefined) environment[name] = addresses[name];
  }
  return environment;
}

/** Imports the modules of the given environments from the deployment's folder. */
export async function loadPackage(
  deployment: Deployment,
  environments: readonly ModuleEnvironment[],
): Promise<LoadedPackage> {
  setImportEnvironment(deployment.environment);
  // Stacks name the lines that the developer wrote. Only maps of files that are imported from now on are read.
  process.setSourceMapsEnabled(true);
  const definitions = new Map<string, LoadedDefinition>();
  for (const [at, manifest] of (deployment.manifest?.definitions ?? []).entries()) {
    const directory = join(deployment.directory, String(at));
    definitions.set(manifest.path, await loadDefinition(directory, manifest, environments));
  }
  return new LoadedPackage(deployment, definitions);
}

async function loadDefinition(
  directory: string,
  manifest: DefinitionManifest,
  environments: readonly ModuleEnvironment[],
): Promise<LoadedDefinition> {
  const loaded: LoadedDefinition = {
    path: manifest.path,
    functions: new Map(),
    router: null,
    crons: manifest.crons,
    schema: manifest.schema === null ? null : loadSchema(manifest.schema),
  };
  for (const fn of manifest.functions) {
    if (!environments.includes(fn.environment)) loaded.functions.set(fn.path, elsewhere(fn));
  }
  for (const module of manifest.modules) {
    if (!environments.includes(module.environment) || isSupportModule(module.path)) continue;
    const exports = await importModule(join(directory, module.path));
    const base = module.path.replace(/\.js$/, "");
    for (const [name, value] of Object.entries(exports)) {
      const fn = loadFunction(value);
      if (fn !== null) loaded.functions.set(`${base}:${name}`, fn);
    }
    const router = exports["default"] as Partial<HttpRouter> | undefined;
    if (base === "http" && router?.isRouter === true) loaded.router = router as HttpRouter;
  }
  return loaded;
}

/** Chunks are imported by those who need them; the auth config is evaluated by the push. */
export function isSupportModule(path: string): boolean {
  return (
    path.startsWith("_deps/") ||
    path === "auth.config.js" ||
    path === "schema.js" ||
    path === "convex.config.js"
  );
}

export async function importModule(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) throw new Error(`Module ${file} is missing.`);
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
}

export function loadFunction(value: unknown): LoadedFunction | null {
  const type = functionType(value);
  if (type === null) return null;
  const registered = value as Registered;
  const args = JSON.parse(registered.exportArgs()) as ValidatorJson;
  const returns = JSON.parse(registered.exportReturns()) as ValidatorJson | null;
  return {
    type,
    visibility: registered.isPublic === true ? "public" : "internal",
    checkArgs: compileValidator(args),
    checkReturns: returns === null ? null : compileValidator(returns),
    registered,
  };
}

/** A function whose code is loaded in another worker: known here, so that it can be found, scheduled and named. */
function elsewhere(fn: FunctionManifest): LoadedFunction {
  const refuse = async (): Promise<string> => {
    throw new Error(`${fn.path} runs in the Node.js environment only.`);
  };
  const registered: Registered = {
    invokeQuery: refuse,
    invokeMutation: refuse,
    invokeAction: refuse,
    exportArgs: () => fn.args,
    exportReturns: () => fn.returns,
  };
  const anything = () => null;
  return {
    type: fn.type,
    visibility: fn.visibility,
    checkArgs: anything,
    checkReturns: null,
    registered,
  };
}

export function functionType(value: unknown): FunctionType | null {
  if (typeof value !== "function") return null;
  const { isQuery, isMutation, isAction } = value as unknown as Registered;
  if (isQuery === true) return "query";
  if (isMutation === true) return "mutation";
  return isAction === true ? "action" : null;
}

function loadSchema(json: SchemaJson): LoadedSchema {
  return {
    enforced: json.schemaValidation,
    tables: new Map(
      json.tables.map((table) => [
        table.tableName,
        { check: compileValidator(table.documentType), json: table.documentType },
      ]),
    ),
  };
}
