/** What stands in the queue: client mutations and queries, scheduled jobs, crons, and exclusive work such as a push. */
import type { Store } from "../store/documents.ts";
import type { CommitClock } from "../store/clock.ts";
import { findSessionRequest, storeSessionRequest } from "../store/sessionRequests.ts";
import type { CompletionReport } from "./completions.ts";
import type { FunctionOutcome, Usage } from "./engine.ts";
import { describeFailure, failedOutcome } from "./errors.ts";
import type { FunctionRunner, MutationRun } from "./functionRunner.ts";
import { newRequestId } from "./requestId.ts";
import type { InternalRunRequest } from "./messages.ts";
import type { RunLabel } from "./runMarker.ts";
import type { GroupContext, Unit } from "./unitQueue.ts";

export type UnitTools = {
  store: Store;
  clock: CommitClock;
  runner: FunctionRunner;
  /** Reports a finished function to the log. */
  completed(report: CompletionReport): void;
  /** New jobs are on disk. */
  scheduled(): void;
};

type Reply = (outcome: FunctionOutcome) => void;

/** Runs what a client, an action or the CLI asked for. */
export function requestUnit(
  tools: UnitTools,
  request: InternalRunRequest,
  label: RunLabel,
  reply: Reply,
): Unit {
  let outcome: FunctionOutcome;
  let scheduledSomething = false;
  let isQuery = false;
  return {
    async execute(group) {
      const startedMs = performance.now();
      const run = await runRequest(tools, request, label, group);
      outcome = run.outcome;
      scheduledSomething = run.scheduled;
      isQuery = run.type === "Query";
      report(tools, request, run, startedMs);
    },
    committed() {
      reply(outcome);
      if (scheduledSomething) tools.scheduled();
    },
    lost: (error) => reply(lostOutcome(error)),
    isReadOnly: () => isQuery,
  };
}

type RequestRun = {
  outcome: FunctionOutcome;
  scheduled: boolean;
  type: "Query" | "Mutation";
  /** Null where nothing was run. */
  usage: Usage | null;
};

async function runRequest(
  tools: UnitTools,
  request: InternalRunRequest,
  label: RunLabel,
  group: GroupContext,
): Promise<RequestRun> {
  let type: RequestRun["type"] = "Query";
  try {
    const found = tools.runner.find(request, request.trusted === true);
    if (request.type !== "any" && found.fn.type !== request.type) {
      throw new Error(
        `Trying to execute ${found.path} as a ${request.type}, but it is defined as a ${found.fn.type}.`,
      );
    }
    if (found.fn.type === "query") {
      const run = await tools.runner.runQuery(found, request, tools.clock.last, label);
      const { outcome, usage = null } = run;
      return {
        outcome: outcome.ok ? { ...outcome, ts: tools.clock.last } : outcome,
        scheduled: false,
        type,
        usage,
      };
    }
    type = "Mutation";
    group.beginWrites();
    const known = previousOutcome(tools, request);
    if (known !== null) return { outcome: known, scheduled: false, type, usage: null };
    const run = await tools.runner.runMutation(found, request, tools.clock.next(), label);
    return {
      outcome: finishMutation(tools, request, run, group),
      scheduled: run.scheduled.length > 0,
      type,
      usage: run.usage,
    };
  } catch (thrown) {
    return {
      outcome: failedOutcome(newRequestId(), describeFailure(thrown), []),
      scheduled: false,
      type,
      usage: null,
    };
  }
}

/** A mutation that this session has had done before, perhaps by a process that was killed before it could say so. */
function previousOutcome(
  tools: UnitTools,
  { session }: InternalRunRequest,
): FunctionOutcome | null {
  if (session === undefined) return null;
  const stored = findSessionRequest(tools.store.database, session.sessionId, session.requestId);
  return stored === null ? null : { ok: true, value: stored.outcome, ts: stored.ts, logLines: [] };
}

function finishMutation(
  tools: UnitTools,
  { session }: InternalRunRequest,
  { outcome, touched }: MutationRun,
  group: GroupContext,
): FunctionOutcome {
  for (const key of touched) group.touched.push(key);
  if (outcome.ok && session !== undefined) {
    storeSessionRequest(tools.store.database, session.sessionId, session.requestId, {
      outcome: outcome.value,
      ts: outcome.ts,
    });
  }
  return outcome;
}

/** Work that needs the database for itself, such as a push. Its own writes are undone when it throws. */
export function exclusiveUnit<T>(
  work: (group: GroupContext) => Promise<T> | T,
  done: (value: T) => void,
  failed: (error: Error) => void,
): Unit {
  let settle: () => void = () => undefined;
  return {
    async execute(group) {
      try {
        const value = await work(group);
        settle = () => done(value);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        settle = () => failed(error);
      }
    },
    committed: () => settle(),
    lost: failed,
  };
}

export function lostOutcome(error: Error): FunctionOutcome {
  return {
    ok: false,
    errorMessage: `[Request ID: ${newRequestId()}] Server Error\nThe database could not store this: ${error.message}`,
    logLines: [],
  };
}

function report(
  tools: UnitTools,
  request: InternalRunRequest,
  { type, outcome, usage }: RequestRun,
  startedMs: number,
): void {
  tools.completed({
    path: request.path,
    componentPath: request.componentPath ?? "",
    type,
    outcome,
    startedMs,
    caller: request.caller.kind,
    usage,
  });
}
