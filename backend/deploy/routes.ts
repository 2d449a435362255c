/** The table of endpoints that the official CLI calls. */
import type { ModuleHash } from "../runtime/control.ts";
import type { Supervisor } from "../runtime/supervisor.ts";
import { changeEnvironment } from "./changeEnvironment.ts";
import type { AdminWork } from "./adminWork.ts";
import {
  environmentBody,
  finishPushBody,
  parseBody,
  startPushBody,
  waitForSchemaBody,
} from "./bodies.ts";
import { FunctionLog } from "./functionLog.ts";
import { Pushes } from "./pushes.ts";
import type { DeployRequest, DeployResponse, DeployRoute } from "./route.ts";

export type DeployOptions = {
  supervisor: Supervisor;
  adminWork: AdminWork;
  dataDir: string;
  cloudOrigin: string;
  siteOrigin: string;
};

export function deployRoutes({
  supervisor,
  adminWork,
  dataDir,
  cloudOrigin,
  siteOrigin,
}: DeployOptions): DeployRoute[] {
  const pushes = new Pushes(supervisor, dataDir);
  const log = new FunctionLog(() => supervisor.followLog());
  supervisor.onLog((entry) => log.add(entry));
  return [
    get("/api/v1/get_canonical_urls", async () => ({
      convexCloudUrl: cloudOrigin,
      convexSiteUrl: siteOrigin,
    })),
    post("/api/get_config_hashes", async () => ({
      config: { functions: "convex/" },
      moduleHashes: await supervisor.control<ModuleHash[]>({ op: "moduleHashes" }),
      nodeDependencies: [],
      udfServerVersion: supervisor.deployment().manifest?.serverVersion ?? null,
    })),
    // Asked before a push to warn of slow index backfills. Here they are part of the push and never a surprise afterwards.
    post("/api/deploy2/evaluate_push", async () => ({
      schemaChange: { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {} },
    })),
    post("/api/deploy2/start_push", async (body) => pushes.start(parseBody(startPushBody, body))),
    post("/api/deploy2/wait_for_schema", async (body) =>
      pushes.waitForSchema(parseBody(waitForSchemaBody, body).schemaChange.pushId),
    ),
    post("/api/deploy2/finish_push", async (body) => {
      const { startPush, dryRun } = parseBody(finishPushBody, body);
      return pushes.finish(startPush.schemaChange.pushId, dryRun === true);
    }),
    post("/api/deploy2/report_push_completed", async () => ({})),
    post("/api/update_environment_variables", async (body) => {
      const { changes } = parseBody(environmentBody, body);
      await changeEnvironment(
        supervisor,
        changes.map(({ name, value }) => ({ name, value: value ?? null })),
      );
      return null;
    }),
    get("/api/stream_function_logs", async ({ query, signal }) =>
      log.after(Number(query.get("cursor") ?? 0), signal),
    ),
    ...adminWork.routes(),
  ];
}

function get(path: string, answer: (request: DeployRequest) => Promise<unknown>): DeployRoute {
  return {
    method: "GET",
    path,
    handler: async (request): Promise<DeployResponse> => ({ json: await answer(request) }),
  };
}

function post(path: string, answer: (body: unknown) => Promise<unknown>): DeployRoute {
  return {
    method: "POST",
    path,
    handler: async ({ body }): Promise<DeployResponse> => ({ json: await answer(body) }),
  };
}
