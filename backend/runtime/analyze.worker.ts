/**
 * Evaluates a pushed package in a thread of its own, so that code which throws, loops or prints at import harms nobody,
 * and tells what is in it. The modules are already written to `directory`, as materialize.ts lays them out.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { CronJson, Environment, FunctionManifest, SchemaJson } from "../store/deployment.ts";
import type { AuthProvider } from "./engine.ts";
import { installGlobals, setImportEnvironment } from "./globals.ts";
import { installNodeRequire } from "./nodeRequire.ts";
import {
  functionType,
  importModule,
  isSupportModule,
  type HttpRouter,
  type Registered,
} from "./modules.ts";
import { schemaProblem } from "./schemaRules.ts";

export type AnalyzeRequest = {
  directory: string;
  environment: Environment;
  definitions: DefinitionRequest[];
};

type DefinitionRequest = {
  path: string;
  dependencies: string[];
  hasDefinition: boolean;
  hasSchema: boolean;
  modules: { path: string; environment: "isolate" | "node" }[];
};

export type AnalyzedDefinition = {
  /** What `export()` of the component definition says, or null for an app without convex.config. */
  definition: Record<string, unknown> | null;
  schema: SchemaJson | null;
  functions: FunctionManifest[];
  /** By module. */
  httpRoutes: { path: string; method: string }[] | null;
  crons: Record<string, CronJson>;
};

export type AnalyzeResult =
  | { ok: true; definitions: AnalyzedDefinition[]; authProviders: AuthProvider[] }
  | { ok: false; code: string; message: string };

export type FromAnalysis =
  { type: "importing"; path: string } | { type: "done"; result: AnalyzeResult };

class AnalysisError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function analyze({
  directory,
  environment,
  definitions,
}: AnalyzeRequest): Promise<AnalyzeResult> {
  setImportEnvironment(environment);
  const metadata = await readDefinitions(directory, definitions);
  const analyzed: AnalyzedDefinition[] = [];
  let authProviders: AuthProvider[] = [];
  for (const [at, request] of definitions.entries()) {
    const folder = join(directory, String(at));
    const isApp = request.path === "";
    if (isApp && request.modules.some((module) => module.path === "auth.config.js")) {
      authProviders = await readAuthConfig(join(folder, "auth.config.js"), environment);
    }
    const functions: FunctionManifest[] = [];
    let httpRoutes: AnalyzedDefinition["httpRoutes"] = null;
    let crons: Record<string, CronJson> = {};
    for (const { path, environment: kind } of request.modules) {
      if (isSupportModule(path)) continue;
      checkModulePath(path);
      const exports = await evaluate(folder, path);
      functions.push(...functionsOf(path, kind, exports));
      const special = exports["default"];
      if (path === "http.js") httpRoutes = routesOf(special);
      if (path === "crons.js") crons = cronsOf(special);
    }
    analyzed.push({
      definition: metadata.get(request.path) ?? null,
      schema: request.hasSchema ? await readSchema(folder) : null,
      functions,
      httpRoutes,
      crons,
    });
  }
  return { ok: true, definitions: analyzed, authProviders };
}

async function evaluate(folder: string, path: string): Promise<Record<string, unknown>> {
  try {
    return await imported(join(folder, path), path);
  } catch (error) {
    const shown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new AnalysisError("InvalidModules", `Failed to analyze ${path}: Uncaught ${shown}`);
  }
}

/** Says so before: it may never come back. */
function imported(file: string, path: string): Promise<Record<string, unknown>> {
  say({ type: "importing", path });
  return importModule(file);
}

function say(message: FromAnalysis): void {
  parentPort?.postMessage(message);
}

function checkModulePath(path: string): void {
  for (const part of path.replace(/\.js$/, "").split("/")) {
    if (/^[A-Za-z0-9_.]+$/.test(part)) continue;
    throw new AnalysisError(
      "InvalidConfig",
      `${path} is not a valid path to a Convex module. Path component ${part} can only contain alphanumeric characters, underscores, or periods.`,
    );
  }
}

function functionsOf(
  path: string,
  environment: "isolate" | "node",
  exports: Record<string, unknown>,
): FunctionManifest[] {
  const found: FunctionManifest[] = [];
  for (const [name, value] of Object.entries(exports)) {
    const type = functionType(value);
    if (type === null) continue;
    if (environment === "node" && type !== "action") {
      throw new AnalysisError(
        "InvalidModules",
        `\`${name}\` defined in \`${path}\` is a ${type} function. Only actions can be defined in Node.js. See https://docs.convex.dev/functions/actions for more details.`,
      );
    }
    const registered = value as Registered;
    checkArgsValidator(path, name, registered);
    found.push({
      path: `${path.replace(/\.js$/, "")}:${name}`,
      type,
      visibility: registered.isPublic === true ? "public" : "internal",
      environment,
      args: registered.exportArgs(),
      returns: registered.exportReturns(),
    });
  }
  return found;
}

/** Arguments are always one object; a client could not call a function that wants anything else. */
function checkArgsValidator(path: string, name: string, registered: Registered): void {
  const { type } = JSON.parse(registered.exportArgs()) as { type?: string };
  if (type === "object" || type === "any") return;
  throw new AnalysisError(
    "InvalidModules",
    `Invalid JSON returned from ${path}:${name}.exportArgs(): Args validator must be an object or any.`,
  );
}

function routesOf(router: unknown): { path: string; method: string }[] {
  const { isRouter, getRoutes } = (router ?? {}) as Partial<HttpRouter>;
  if (isRouter !== true || getRoutes === undefined) {
    throw new AnalysisError(
      "InvalidModules",
      "The default export of `convex/http.ts` must be a router: use httpRouter().",
    );
  }
  return (router as HttpRouter).getRoutes().map(([path, method]) => ({ path, method }));
}

function cronsOf(crons: unknown): Record<string, CronJson> {
  const { isCrons, export: exportCrons } = (crons ?? {}) as {
    isCrons?: boolean;
    export?: () => string;
  };
  if (isCrons !== true || exportCrons === undefined) {
    throw new AnalysisError(
      "InvalidModules",
      "The default export of `convex/crons.ts` must be what cronJobs() returned.",
    );
  }
  return JSON.parse((crons as { export(): string }).export()) as Record<string, CronJson>;
}

/**
 * Evaluates component definitions, children before parents: the CLI rewrites the import of a child's definition to
 * `./_componentDeps/<its path>`, and what the parent wants to find there is the child's path and own name.
 */
async function readDefinitions(
  directory: string,
  definitions: DefinitionRequest[],
): Promise<Map<string, Record<string, unknown>>> {
  const exported = new Map<string, Record<string, unknown>>();
  const names = new Map<string, string | undefined>();
  const visit = async (path: string): Promise<void> => {
    const at = definitions.findIndex((one) => one.path === path);
    const request = definitions[at];
    if (request === undefined || names.has(path)) return;
    names.set(path, undefined);
    if (!request.hasDefinition) return;
    const folder = join(directory, String(at));
    mkdirSync(join(folder, "_componentDeps"), { recursive: true });
    for (const child of request.dependencies) {
      await visit(child);
      const source = JSON.stringify({
        componentDefinitionPath: child,
        defaultName: names.get(child),
      });
      const file = Buffer.from(child).toString("base64url");
      writeFileSync(join(folder, "_componentDeps", file), `export default ${source};`);
    }
    const exports = await evaluate(folder, "convex.config.js");
    const definition = exports["default"] as { _name?: string; export(): Record<string, unknown> };
    names.set(path, definition._name);
    exported.set(path, definition.export());
  };
  for (const { path } of definitions) await visit(path);
  return exported;
}

async function readSchema(folder: string): Promise<SchemaJson> {
  const exports = await evaluate(folder, "schema.js");
  const schema = exports["default"] as { export?: () => string } | undefined;
  if (schema?.export === undefined) {
    throw new AnalysisError(
      "InvalidSchema",
      "The default export of `convex/schema.ts` must be what defineSchema() returned.",
    );
  }
  const json = JSON.parse(schema.export()) as SchemaJson & {
    tables: { searchIndexes?: unknown[]; vectorIndexes?: unknown[] }[];
  };
  for (const table of json.tables) {
    const { searchIndexes = [], vectorIndexes = [] } = table as {
      searchIndexes?: unknown[];
      vectorIndexes?: unknown[];
    };
    if (searchIndexes.length > 0 || vectorIndexes.length > 0) {
      throw new AnalysisError(
        "UnsupportedFeature",
        `Table "${table.tableName}" has a ${searchIndexes.length > 0 ? "search" : "vector"} index, which the embedded backend does not support. Remove it, or deploy to Convex Cloud or self-hosted Convex.`,
      );
    }
  }
  const problem = schemaProblem(json);
  if (problem !== null) throw new AnalysisError(problem.code, problem.message);
  return {
    schemaValidation: json.schemaValidation,
    tables: json.tables.map(({ tableName, indexes, documentType }) => ({
      tableName,
      indexes,
      documentType,
    })),
  };
}

async function readAuthConfig(file: string, environment: Environment): Promise<AuthProvider[]> {
  const missing: string[] = [];
  setImportEnvironment(
    new Proxy(environment, {
      get: (target, name) => {
        if (typeof name === "string" && target[name] === undefined && name !== "NODE_ENV")
          missing.push(name);
        return target[name as string];
      },
    }),
  );
  try {
    const exports = await imported(file, "auth.config.js");
    const { providers } = exports["default"] as { providers: AuthProvider[] };
    // Node itself reads variables while it imports.
    const source = readFileSync(file, "utf8");
    const unset = missing.find((name) => source.includes(name));
    if (unset !== undefined && providers.some(isIncomplete)) {
      throw new AnalysisError(
        "AuthConfigMissingEnvironmentVariable",
        `Environment variable ${unset} is used in auth config file but its value was not set.`,
      );
    }
    return providers;
  } finally {
    setImportEnvironment(environment);
  }
}

function isIncomplete(provider: AuthProvider): boolean {
  const issuer = provider.type === "customJwt" ? provider.issuer : provider.domain;
  return typeof issuer !== "string" || issuer === "";
}

installGlobals({
  syscall: refuse,
  jsSyscall: refuse,
  asyncSyscall: async (_frame, op) => refuse(_frame, op),
});

installNodeRequire();

function refuse(_frame: unknown, op: string): never {
  throw new Error(`Convex syscall ${op} was made while a module was being loaded.`);
}

analyze(workerData as AnalyzeRequest).then(
  (result) => say({ type: "done", result }),
  (error: unknown) => {
    const code = error instanceof AnalysisError ? error.code : "InvalidModules";
    const message = error instanceof Error ? error.message : String(error);
    say({ type: "done", result: { ok: false, code, message } });
  },
);
