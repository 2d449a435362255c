/** What an administrator asks of the executor: environment, pushes, imports. */
import {
  readEnvironment,
  readManifest,
  readModule,
  writeEnvironment,
  writeManifest,
  type ModuleSource,
} from "../store/deployment.ts";
import { reloadStore } from "../store/documents.ts";
import { LIMITS } from "../values/limits.ts";
import { writeAdminState } from "./adminState.ts";
import type { Executor } from "./executor.ts";
import { finishPush } from "./finishPush.ts";
import type { ControlRequest } from "./messages.ts";
import type { GroupContext } from "./unitQueue.ts";

export type ModuleHash = { path: string; environment: "isolate" | "node"; hash: string };

/** Does what is asked, alone in the queue: all of it or nothing, in the database as in what is loaded. */
export async function control(
  executor: Executor,
  group: GroupContext,
  request: ControlRequest,
): Promise<unknown> {
  const { database } = executor.store;
  group.beginWrites();
  database.sqlite.exec("SAVEPOINT control");
  const { generation } = executor.deployment;
  try {
    const value = await perform(executor, group, request);
    database.sqlite.exec("RELEASE control");
    return value;
  } catch (error) {
    database.sqlite.exec("ROLLBACK TO control; RELEASE control");
    reloadStore(executor.store);
    if (executor.deployment.generation !== generation) await executor.reload();
    throw error;
  }
}

async function perform(
  executor: Executor,
  group: GroupContext,
  request: ControlRequest,
): Promise<unknown> {
  const { store, clock } = executor;
  switch (request.op) {
    case "environment":
      return changeEnvironment(executor, request);
    case "moduleHashes":
      return moduleHashes(executor);
    case "modules":
      return modules(executor, request.hashes);
    case "finishPush": {
      const result = finishPush(store, request.pushed, request.dryRun, clock.timeAt(Date.now()));
      clock.next();
      if (!request.dryRun && "changes" in result) await executor.reload();
      return result;
    }
    case "adminState":
      writeAdminState(store.database, group, request.name, request.json);
      clock.next();
      return undefined;
    case "import":
      return executor.imports.step(group, request.step);
    default:
      throw new Error(`Unknown control request ${JSON.stringify(request satisfies never)}`);
  }
}

function moduleHashes(executor: Executor): ModuleHash[] {
  const manifest = readManifest(executor.store.database);
  const app = manifest?.definitions.find((one) => one.path === "");
  return app?.modules ?? [];
}

function modules(executor: Executor, hashes: string[]): Record<string, ModuleSource> {
  const found: Record<string, ModuleSource> = {};
  for (const hash of hashes) {
    const module = readModule(executor.store.database, hash);
    if (module !== null) found[hash] = module;
  }
  return found;
}

async function changeEnvironment(
  executor: Executor,
  { changes, auth }: ControlRequest & { op: "environment" },
): Promise<null> {
  if (auth.generation !== executor.deployment.generation) {
    throw failure("DeploymentChanged", "Something else was deployed meanwhile. Try again.");
  }
  const environment = { ...readEnvironment(executor.store.database) };
  for (const { name, value } of changes) {
    if (value === null) {
      delete environment[name];
      continue;
    }
    checkVariable(name, value);
    environment[name] = value;
  }
  if (Object.keys(environment).length > LIMITS.environmentVariables) {
    throw invalid(`There can be at most ${LIMITS.environmentVariables} environment variables.`);
  }
  const { database } = executor.store;
  writeEnvironment(database, environment);
  const manifest = readManifest(database);
  if (auth.providers !== null && manifest !== null)
    writeManifest(database, { ...manifest, authProviders: auth.providers });
  executor.clock.next();
  await executor.reload();
  return null;
}

function checkVariable(name: string, value: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.length > LIMITS.environmentNameChars) {
    throw invalid(
      `Environment variable name "${name.slice(0, 60)}" is invalid: letters, digits and underscores, not beginning with a digit, up to ${LIMITS.environmentNameChars} characters.`,
    );
  }
  if (name === "CONVEX_CLOUD_URL" || name === "CONVEX_SITE_URL") {
    throw invalid(
      `Environment variable "${name}" is set by the backend itself and cannot be changed.`,
    );
  }
  if (Buffer.byteLength(value) > LIMITS.environmentValueBytes) {
    throw invalid(`The value of "${name}" is larger than ${LIMITS.environmentValueBytes} bytes.`);
  }
}

function invalid(message: string): Error {
  return failure("InvalidEnvironmentVariable", message);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
