/**
 * Runs scheduled functions and crons when they are due. A mutation and the end of its job are one transaction: exactly
 * once. An action is marked running, run elsewhere, and its end recorded: at most once, also across a crash.
 */
import type { TouchedKey } from "../store/documents.ts";
import { BackOff } from "./backOff.ts";
import type { FunctionCall, FunctionOutcome, Usage } from "./engine.ts";
import { describeFailure, failedOutcome } from "./errors.ts";
import type { ResolvedFunction } from "./functionPath.ts";
import type { LoadedPackage } from "./modules.ts";
import { newRequestId, NOBODY } from "./requestId.ts";
import { noted, type RunLabel } from "./runMarker.ts";
import { cronKey, dueCrons, nextCronDueMs, rescheduleCron, type CronRow } from "./crons.ts";
import {
  dueJobs,
  jobsSetAside,
  jobState,
  nextDueMs,
  setAside,
  setJobState,
  unfinishedJob,
  type Job,
  type JobState,
} from "./jobs.ts";
import { Transaction } from "./transaction.ts";
import { exclusiveUnit, type UnitTools } from "./units.ts";
import type { GroupContext, UnitQueue } from "./unitQueue.ts";

export type SchedulerHooks = {
  /** Starts an action outside of the executor; the answer comes back through `actionDone`. */
  runAction(jobId: string, call: FunctionCall): void;
  /** Of the machine's clock. */
  nowMs(): number;
};

const MAX_DUE = 256;
/** Scheduled actions that run at the same time. */
const MAX_ACTIONS = 256;
const MAX_SLEEP_MS = 60_000;
const INTERRUPTED: JobState = { kind: "failed", error: "Transient error while executing action" };

const { setTimeout: after, clearTimeout } = globalThis;

export class Scheduler {
  readonly #tools: UnitTools;
  readonly #queue: UnitQueue;
  readonly #hooks: SchedulerHooks;
  /** Jobs and crons that stand in the queue or run, by a key of their own. */
  readonly #active = new Map<string, Job | null>();
  /** Those of them that are actions of jobs. */
  readonly #actions = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(tools: UnitTools, queue: UnitQueue, hooks: SchedulerHooks) {
    this.#tools = tools;
    this.#queue = queue;
    this.#hooks = hooks;
  }

  /** Ends what a crash interrupted and skips the crons that caused one, then begins. */
  start(poisoned: RunLabel[]): void {
    const { store } = this.#tools;
    const interrupted = jobsSetAside(store);
    for (const label of poisoned) {
      const job = label.startsWith("job ") ? unfinishedJob(store, label.slice(4)) : null;
      if (job !== null) interrupted.push(job);
    }
    for (const job of interrupted) {
      this.#active.set(job.id, job);
      this.#end(job, INTERRUPTED);
    }
    const nowMs = this.#nowMs();
    for (const cron of dueCrons(this.#tools.store.database, nowMs)) {
      if (!poisoned.includes(noted(cronKey(cron)))) continue;
      this.#enqueue(cronKey(cron), (group) => this.#reschedule(group, cron, nowMs));
    }
    this.arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Sleeps until the next job or cron is due. Called whenever one may have been added. */
  arm(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const next = Math.min(
      nextDueMs(this.#tools.store) ?? Infinity,
      nextCronDueMs(this.#tools.store.database) ?? Infinity,
    );
    const delayMs = Math.max(0, Math.min(next - this.#nowMs(), MAX_SLEEP_MS));
    this.#timer = after(() => this.#runDue(), delayMs);
  }

  /** The answer of an action that this scheduler started. */
  actionDone(jobId: string, outcome: FunctionOutcome): void {
    const job = this.#active.get(jobId);
    if (job == null) {
      this.#release(jobId);
      return;
    }
    const state: JobState = outcome.ok
      ? { kind: "success" }
      : { kind: "failed", error: outcome.errorMessage };
    this.#end(job, state);
  }

  /** Its function is not run again, so that its end is tried until it is stored. */
  #end(job: Job, state: JobState, backOff = new BackOff()): void {
    this.#queue.add(
      exclusiveUnit<void>(
        (group) => {
          const kind = this.#kindOf(job);
          // Cancelled meanwhile, it stays so.
          if (kind === "inProgress" || kind === "pending") this.#writeState(group, job, state);
        },
        () => this.#release(job.id),
        () =>
          after(() => {
            if (!this.#stopped) this.#end(job, state, backOff);
          }, backOff.next(performance.now())),
      ),
    );
  }

  #runDue(): void {
    const nowMs = this.#nowMs();
    const loaded = this.#tools.runner.package();
    // Those that have to wait must not stand before others.
    const waiting = this.#actions.size < MAX_ACTIONS ? [] : actionsOf(loaded);
    for (const job of dueJobs(this.#tools.store, nowMs, MAX_DUE, waiting)) {
      if (this.#active.has(job.id)) continue;
      const isAction = loaded.function(job.target)?.fn.type === "action";
      if (isAction && this.#actions.size >= MAX_ACTIONS) continue;
      this.#active.set(job.id, job);
      if (isAction) this.#startAction(job);
      else this.#startMutation(job);
    }
    for (const cron of dueCrons(this.#tools.store.database, nowMs)) this.#startCron(cron, nowMs);
    // Whoever is due but busy will arm again when done; without this pause they would spin here.
    clearTimeout(this.#timer);
    this.#timer = after(() => this.arm(), this.#actions.size < MAX_ACTIONS ? 5 : 250);
  }

  #startAction(job: Job): void {
    this.#actions.add(job.id);
    let started = false;
    this.#enqueue(
      job.id,
      (group) => {
        if (!this.#isPending(group, job)) return;
        this.#writeState(group, job, { kind: "inProgress" });
        setAside(this.#tools.store, job);
        started = true;
      },
      () => {
        if (started) this.#hooks.runAction(job.id, callOf(job));
        else this.#release(job.id);
      },
    );
  }

  #startMutation(job: Job): void {
    this.#enqueue(
      job.id,
      (group) => this.#runMutationJob(group, job, callOf(job)),
      () => this.#release(job.id),
    );
  }

  #isPending(group: GroupContext, job: Job): boolean {
    const kind = this.#kindOf(job);
    // Not set aside: it ran when the process of an earlier version ended.
    if (kind === "inProgress") this.#writeState(group, job, INTERRUPTED);
    return kind === "pending";
  }

  #kindOf({ component, id }: Job): JobState["kind"] | undefined {
    return jobState(this.#tools.store, component, id)?.kind;
  }

  async #runMutationJob(group: GroupContext, job: Job, call: FunctionCall): Promise<void> {
    if (!this.#isPending(group, job)) return;
    group.beginWrites();
    const { sqlite } = this.#tools.store.database;
    sqlite.exec("SAVEPOINT job");
    // The job sees itself running, and is over in the same transaction as what it did.
    const before = this.#state(job, { kind: "inProgress" });
    const outcome = await this.#runMutation(group, call, `job ${job.id}`, job.id);
    const state: JobState = outcome.ok
      ? { kind: "success" }
      : { kind: "failed", error: outcome.errorMessage };
    const finished = this.#state(job, state);
    sqlite.exec("RELEASE job");
    group.touched.push(...before, ...finished);
  }

  async #runMutation(
    group: GroupContext,
    call: FunctionCall,
    label: RunLabel,
    jobId: string | null,
  ): Promise<FunctionOutcome> {
    const startedMs = performance.now();
    let outcome: FunctionOutcome;
    let usage: Usage | null = null;
    try {
      const found = this.#tools.runner.find(call, true);
      if (found.fn.type !== "mutation")
        throw new Error(
          `${found.path} is a ${found.fn.type}: only mutations and actions can be scheduled.`,
        );
      const run = await this.#tools.runner.runMutation(
        found,
        call,
        this.#tools.clock.next(),
        label,
        jobId,
      );
      for (const key of run.touched) group.touched.push(key);
      ({ outcome, usage } = run);
    } catch (thrown) {
      outcome = failedOutcome(newRequestId(), describeFailure(thrown), []);
    }
    const componentPath = call.componentPath ?? "";
    this.#tools.completed({
      path: call.path,
      componentPath,
      type: "Mutation",
      outcome,
      startedMs,
      caller: "system",
      usage,
    });
    return outcome;
  }

  #writeState(group: GroupContext, job: Job, state: JobState): void {
    group.beginWrites();
    group.touched.push(...this.#state(job, state));
  }

  #state(job: Job, state: JobState): TouchedKey[] {
    const transaction = new Transaction(this.#tools.store, this.#tools.clock.next(), null);
    setJobState(transaction, job.component, job.id, state);
    return transaction.writes;
  }

  #startCron(cron: CronRow, nowMs: number): void {
    const key = cronKey(cron);
    if (this.#active.has(key)) return;
    this.#active.set(key, null);
    const call = {
      path: cron.spec.name,
      componentPath: cron.component,
      args: JSON.stringify(cron.spec.args[0] ?? {}),
      caller: NOBODY,
    };
    const target = { componentPath: cron.component, path: call.path };
    const isAction = this.#tools.runner.package().function(target)?.fn.type === "action";
    const reschedule = (group: GroupContext) => this.#reschedule(group, cron, nowMs);
    if (isAction) {
      this.#enqueue(key, reschedule, () => this.#hooks.runAction(key, call));
      return;
    }
    this.#enqueue(
      key,
      async (group) => {
        reschedule(group);
        await this.#runMutation(group, call, key, null);
      },
      () => this.#release(key),
    );
  }

  #reschedule(group: GroupContext, cron: CronRow, nowMs: number): void {
    group.beginWrites();
    rescheduleCron(this.#tools.store.database, cron, nowMs);
  }

  /** As the functions see it that set the times. */
  #nowMs(): number {
    return this.#tools.clock.timeAt(this.#hooks.nowMs());
  }

  #release(key: string): void {
    this.#forget(key);
    this.arm();
  }

  #forget(key: string): void {
    this.#active.delete(key);
    this.#actions.delete(key);
  }

  #enqueue(
    key: string,
    work: (group: GroupContext) => Promise<void> | void,
    done: () => void = () => undefined,
  ): void {
    this.#queue.add(
      exclusiveUnit<void>(work, done, () => {
        // Nothing was stored: the job is as due as before.
        this.#forget(key);
        this.#timer = after(() => this.arm(), 1_000);
      }),
    );
  }
}

function actionsOf({ components }: LoadedPackage): ResolvedFunction[] {
  return [...components.values()].flatMap(({ path: componentPath, definition }) =>
    [...definition.functions].flatMap(([path, { type }]) =>
      type === "action" ? { componentPath, path } : [],
    ),
  );
}

function callOf(job: Job): FunctionCall {
  return {
    path: job.target.path,
    componentPath: job.target.componentPath,
    args: job.args,
    caller: NOBODY,
  };
}
