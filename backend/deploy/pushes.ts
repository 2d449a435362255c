/**
 * Pushes between their two requests: start_push analyses and remembers, wait_for_schema tries the change without keeping
 * it, finish_push makes it so. What is remembered is bounded; an interrupted push is simply forgotten.
 */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { EngineError } from "../runtime/engine.ts";
import type { PushResult } from "../runtime/finishPush.ts";
import type { PushedPackage } from "../runtime/pushedPackage.ts";
import type { Supervisor } from "../runtime/supervisor.ts";
import type { Environment } from "../store/deployment.ts";
import type { StartPushBody } from "./bodies.ts";
import { startPush } from "./startPush.ts";

const REMEMBERED = 4;

type SchemaStatus =
  | { type: "complete" }
  | { type: "failed"; error: string; componentPath: string; tableName: string | null };

/** `environment` is what the code was evaluated with. */
type Started = { pushed: PushedPackage; environment: Environment };

export class Pushes {
  readonly #supervisor: Supervisor;
  readonly #dataDir: string;
  readonly #started = new Map<string, Started>();

  constructor(supervisor: Supervisor, dataDir: string) {
    this.#supervisor = supervisor;
    this.#dataDir = dataDir;
  }

  async start(body: StartPushBody): Promise<Record<string, unknown>> {
    const { environment } = this.#supervisor.deployment();
    const { response, pushed } = await startPush(this.#supervisor, this.#dataDir, body);
    const pushId = randomUUID();
    this.#started.set(pushId, { pushed, environment });
    for (const id of [...this.#started.keys()].slice(0, -REMEMBERED)) this.#started.delete(id);
    return {
      ...response,
      schemaChange: { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {}, pushId },
    };
  }

  async waitForSchema(pushId: string): Promise<SchemaStatus> {
    const result = await this.#finish(this.#find(pushId), true);
    if ("changes" in result) return { type: "complete" };
    const { message, componentPath, tableName } = result.mismatch;
    return { type: "failed", error: message, componentPath, tableName };
  }

  async finish(pushId: string, dryRun: boolean): Promise<Record<string, unknown>> {
    const result = await this.#finish(this.#find(pushId), dryRun);
    // A document was written between wait_for_schema and now.
    if ("mismatch" in result) throw new EngineError("SchemaMismatch", result.mismatch.message, 400);
    if (!dryRun) this.#started.delete(pushId);
    const none = { added: [], removed: [] };
    const componentDiffs = result.changes.map(({ component, added, removed }) => [
      component,
      {
        diffType: { type: "modify" },
        moduleDiff: none,
        udfConfigDiff: null,
        cronDiff: { added: [], updated: [], deleted: [] },
        indexDiff: { added_indexes: added, removed_indexes: removed },
        schemaDiff: null,
      },
    ]);
    return {
      authDiff: none,
      definitionDiffs: {},
      componentDiffs: Object.fromEntries(componentDiffs) as unknown,
    };
  }

  #finish(pushed: PushedPackage, dryRun: boolean): Promise<PushResult> {
    return this.#supervisor.control<PushResult>({ op: "finishPush", pushed, dryRun });
  }

  /** Throws when nothing was started, or with variables that are different now. */
  #find(pushId: string): PushedPackage {
    const started = this.#started.get(pushId);
    const { environment } = this.#supervisor.deployment();
    if (started !== undefined && !isDeepStrictEqual(started.environment, environment)) {
      throw new EngineError(
        "EnvironmentChanged",
        "Environment variables were changed during this push: push again.",
        400,
      );
    }
    if (started !== undefined) return started.pushed;
    throw new EngineError(
      "PushNotFound",
      "This push was started too long ago or by another process: push again.",
      400,
    );
  }
}
