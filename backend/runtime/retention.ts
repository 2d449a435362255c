/**
 * Forgets what nobody can ask for any more: finished jobs after a week, answers of client sessions after two. In small
 * batches between other work, as often as there is something, so that neither can outgrow it.
 */
import { pruneSessionRequests } from "../store/sessionRequests.ts";
import { pruneJobs } from "./jobs.ts";
import { Transaction } from "./transaction.ts";
import { exclusiveUnit, type UnitTools } from "./units.ts";
import type { GroupContext, UnitQueue } from "./unitQueue.ts";

const EVERY_MS = 60_000;
const BETWEEN_BATCHES_MS = 20;
const BATCH = 250;

const { setTimeout: after, clearTimeout } = globalThis;

export class Retention {
  readonly #tools: UnitTools;
  readonly #queue: UnitQueue;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(tools: UnitTools, queue: UnitQueue) {
    this.#tools = tools;
    this.#queue = queue;
  }

  start(): void {
    this.#sleep(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #sleep(delayMs: number): void {
    if (!this.#stopped) this.#timer = after(() => this.#run(), delayMs);
  }

  #run(): void {
    this.#queue.add(
      exclusiveUnit(
        (group) => this.#prune(group),
        (isMoreLeft) => this.#sleep(isMoreLeft ? BETWEEN_BATCHES_MS : EVERY_MS),
        () => this.#sleep(EVERY_MS),
      ),
    );
  }

  /** Whether a batch was full. */
  #prune(group: GroupContext): boolean {
    const { store, clock } = this.#tools;
    group.beginWrites();
    const transaction = new Transaction(store, clock.next(), null);
    const jobs = pruneJobs(transaction, BATCH);
    const requests = pruneSessionRequests(store.database, transaction.ts, BATCH);
    group.touched.push(...transaction.writes);
    return jobs === BATCH || requests === BATCH;
  }
}
