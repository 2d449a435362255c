/** After a push: has the deployment bring its rows up to the code, in the background. */
import { makeFunctionReference } from "convex/server";
import type { Backend } from "./backend.ts";
import { adminClient } from "./deployment.ts";

const start = makeFunctionReference<"mutation", Record<string, never>, null>(
  "jobs/migrations:start",
);

/** Never rejects: the functions understand rows of both forms, and the next start tries again. */
export async function startMigrations(backend: Backend): Promise<void> {
  try {
    await adminClient(backend).mutation(start, {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`Migrations could not be started: ${reason}`);
  }
}
