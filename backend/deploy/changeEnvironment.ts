/**
 * Sets and removes environment variables. Modules may read them while they are loaded, so all are evaluated with the new
 * ones first: a change that keeps one from loading, or auth.config.ts from what it needs, is refused, and nobody notices.
 */
import { rehearse } from "../runtime/analyze.ts";
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
    const auth = await evaluated(supervisor, changes);
    try {
      await supervisor.control({ op: "environment", changes, auth });
      return;
    } catch (error) {
      const isStale = error instanceof EngineError && error.code === "DeploymentChanged";
      if (!isStale || attempt === ATTEMPTS) throw error;
    }
  }
}

async function evaluated(
  supervisor: Supervisor,
  changes: EnvironmentChange[],
): Promise<EvaluatedAuth> {
  const { generation, manifest, directory, ...deployment } = supervisor.deployment();
  if (manifest === null) return { generation, providers: null };
  const environment = { ...deployment.environment };
  for (const { name, value } of changes) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  const result = await rehearse(directory, manifest, environment);
  if (!result.ok) throw new EngineError(result.code, result.message, 400);
  return { generation, providers: result.authProviders };
}
