/**
 * Sets and removes environment variables. auth.config.ts may read them, so it is evaluated again with the new ones, and a
 * change that leaves it without what it needs is refused: nobody could sign in any more.
 */
import { evaluateAuthConfig } from "../runtime/analyze.ts";
import { EngineError } from "../runtime/engine.ts";
import type { EvaluatedAuth } from "../runtime/messages.ts";
import type { Supervisor } from "../runtime/supervisor.ts";

export type EnvironmentChange = { name: string; value: string | null };

/** Others may push or change variables in between, but not again and again. */
const ATTEMPTS = 5;

/** All changes or none. Throws EngineErrors with the codes that the CLI explains. */
export async function changeEnvironment(
  supervisor: Supervisor,
  changes: EnvironmentChange[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const auth = await evaluateAuth(supervisor, changes);
    try {
      await supervisor.control({ op: "environment", changes, auth });
      return;
    } catch (error) {
      const isStale = error instanceof EngineError && error.code === "DeploymentChanged";
      if (!isStale || attempt === ATTEMPTS) throw error;
    }
  }
}

async function evaluateAuth(
  supervisor: Supervisor,
  changes: EnvironmentChange[],
): Promise<EvaluatedAuth> {
  const deployment = supervisor.deployment();
  const { generation } = deployment;
  const app = deployment.manifest?.definitions.find(({ path }) => path === "");
  if (app?.modules.some(({ path }) => path === "auth.config.js") !== true)
    return { generation, providers: null };
  const environment = { ...deployment.environment };
  for (const { name, value } of changes) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  const result = await evaluateAuthConfig(deployment.directory, environment);
  if (!result.ok) throw new EngineError(result.code, result.message, 400);
  return { generation, providers: result.authProviders };
}
