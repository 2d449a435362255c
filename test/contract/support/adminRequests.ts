/** The requests that the CLI makes when it pushes or sets variables. Each rejects with what the CLI would print. */
import type { Deployment } from "./project.ts";

type SchemaStatus = { type: "complete" } | { type: "failed"; error: string };

export type StartedPush = {
  /** Rejects when documents do not fit. */
  check(): Promise<void>;
  finish(): Promise<void>;
};

const post = async (
  { url, adminKey }: Deployment,
  path: string,
  body: object,
): Promise<unknown> => {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Convex ${adminKey}`, "content-type": "application/json" },
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

/** All in one request. Null removes. */
export const setEnvironment = async (
  deployment: Deployment,
  variables: Record<string, string | null>,
): Promise<void> => {
  const changes = Object.entries(variables).map(([name, value]) => ({ name, value }));
  await post(deployment, "/api/update_environment_variables", { changes });
};

/** `request` is the body of start_push. */
export const startPush = async (deployment: Deployment, request: object): Promise<StartedPush> => {
  const started = (await post(deployment, "/api/deploy2/start_push", request)) as object;
  return {
    check: async () => {
      const answer = await post(deployment, "/api/deploy2/wait_for_schema", started);
      const status = answer as SchemaStatus;
      if (status.type === "failed") throw new Error(status.error);
    },
    finish: async () =>
      void (await post(deployment, "/api/deploy2/finish_push", { startPush: started })),
  };
};

export const push = async (deployment: Deployment, request: object): Promise<void> => {
  const started = await startPush(deployment, request);
  await started.check();
  await started.finish();
};
