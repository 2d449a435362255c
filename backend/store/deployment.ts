/**
 * What is deployed: the pushed package, its modules by content hash, and the environment variables. Small, read at
 * start-up and at a push; written inside the caller's transaction.
 */
import type { ValidatorJson } from "../values/validator.ts";
import type { Database } from "./database.ts";

export type ModuleEnvironment = "isolate" | "node";
export type ModuleEntry = { path: string; environment: ModuleEnvironment; hash: string };
export type ModuleSource = { source: string; sourceMap: string | null };

export type IndexJson = { indexDescriptor: string; fields: string[] };
export type TableJson = { tableName: string; indexes: IndexJson[]; documentType: ValidatorJson };
export type SchemaJson = { tables: TableJson[]; schemaValidation: boolean };

export type CronJson = {
  name: string;
  args: unknown[];
  schedule: { type: string; [field: string]: unknown };
};

/** A function as analysis found it. Validators are JSON texts, as the function itself exports them. */
export type FunctionManifest = {
  path: string;
  type: "query" | "mutation" | "action";
  visibility: "public" | "internal";
  environment: ModuleEnvironment;
  args: string;
  returns: string;
};

/** A component definition: code and schema, mounted once or more. The app itself has the empty path. */
export type DefinitionManifest = {
  path: string;
  modules: ModuleEntry[];
  functions: FunctionManifest[];
  schema: SchemaJson | null;
  crons: Record<string, CronJson>;
};

export type EnvBinding = { type: "value"; value: string } | { type: "envVar"; name: string };

/** A mounted component. `children` maps names to the paths of child instances; the root has the empty path. */
export type ComponentManifest = {
  path: string;
  definitionPath: string;
  children: Record<string, string>;
  env: Record<string, EnvBinding>;
  /** Paths of child instances by the prefix (`/hooks/`) under which their HTTP routes are served. */
  httpMounts?: Record<string, string>;
};

export type PackageManifest = {
  definitions: DefinitionManifest[];
  components: ComponentManifest[];
  /** As `engine.authProviders()` gives them. */
  authProviders: unknown[];
  serverVersion: string;
};

export type Environment = Record<string, string>;

export function readManifest(database: Database): PackageManifest | null {
  const text = database.setting("package");
  return text === null ? null : (JSON.parse(text) as PackageManifest);
}

/** Replaces the deployed package and forgets modules that it no longer uses. */
export function writeManifest(database: Database, manifest: PackageManifest): void {
  database.setSetting("package", JSON.stringify(manifest));
  const used = new Set(
    manifest.definitions.flatMap((one) => one.modules.map((module) => module.hash)),
  );
  for (const [hash] of database.statement("SELECT hash FROM modules").all()) {
    if (!used.has(String(hash)))
      database.statement("DELETE FROM modules WHERE hash = ?").run(String(hash));
  }
}

export function readModule(database: Database, hash: string): ModuleSource | null {
  const row = database.statement("SELECT source, sourceMap FROM modules WHERE hash = ?").get(hash);
  return row === undefined
    ? null
    : { source: String(row[0]), sourceMap: row[1] === null ? null : String(row[1]) };
}

export function writeModule(database: Database, hash: string, module: ModuleSource): void {
  database
    .statement("INSERT OR IGNORE INTO modules (hash, source, sourceMap) VALUES (?, ?, ?)")
    .run(hash, module.source, module.sourceMap ?? null);
}

export function readEnvironment(database: Database): Environment {
  return JSON.parse(database.setting("environment") ?? "{}") as Environment;
}

export function writeEnvironment(database: Database, environment: Environment): void {
  database.setSetting("environment", JSON.stringify(environment));
}
