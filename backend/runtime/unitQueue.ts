/**
 * The one line in which everything waits that touches the database: first in, first out, one at a time. Units that run
 * close together share one commit, so that one fsync serves them all; nobody hears of a result before it is on disk.
 */
import type { TouchedKey } from "../store/documents.ts";
import type { Sqlite } from "../store/sqlite.ts";
import { Meters } from "./meters.ts";

export type GroupContext = {
  /** Opens the group's SQLite transaction if it is not open yet. */
  beginWrites(): void;
  /** Keys to wake watches with once the group is committed. */
  touched: TouchedKey[];
};

/** A piece of work. `execute` never rejects; exactly one of the other two is called afterwards. */
export type Unit = {
  execute(group: GroupContext): Promise<void>;
  committed(): void;
  /** The commit failed: nothing of the whole group is stored. */
  lost(error: Error): void;
  /** True when it has written nothing: instead of being lost with its group, it is executed again. */
  isReadOnly?(): boolean;
};

export type QueueHooks = {
  /** Runs inside the SQLite transaction just before COMMIT. */
  beforeCommit(): void;
  /** After results were handed out. `touched` is empty when the group only read. */
  afterGroup(touched: TouchedKey[]): Promise<void>;
  /** After a lost group: memory that mirrors the file must be read again. */
  afterLoss(): void;
  /** Lets messages that have arrived meanwhile join the group. */
  poll(): void;
};

/**
 * A group goes on as long as the last commit took, within bounds: a slow disk is then busy half of the time at most, and
 * a fast one keeps answers quick.
 */
const MIN_GROUP_MS = 3;
const MAX_GROUP_MS = 20;
const GROUP_UNITS = 256;

export class UnitQueue {
  readonly #sqlite: Sqlite;
  readonly #hooks: QueueHooks;
  readonly #meters: Meters;
  #units: Unit[] = [];
  #running = false;
  #wakeRequested = false;
  #groupMs = MIN_GROUP_MS;

  constructor(sqlite: Sqlite, hooks: QueueHooks, meters = new Meters()) {
    this.#sqlite = sqlite;
    this.#hooks = hooks;
    this.#meters = meters;
  }

  add(unit: Unit): void {
    this.#units.push(unit);
    this.#meters.set("queueLength", this.#units.length);
    this.wake();
  }

  /** Also makes an empty group run, for watches that wait for their first result. */
  wake(): void {
    this.#wakeRequested = true;
    if (this.#running) return;
    this.#running = true;
    // Rejects only when memory cannot be brought in line with the file: then this thread must end and begin anew.
    this.#run().catch((error: unknown) =>
      setImmediate(() => {
        throw error;
      }),
    );
  }

  async #run(): Promise<void> {
    // The first group starts in a turn of its own: what arrived in one message batch is all in the line by then.
    await Promise.resolve();
    while (this.#wakeRequested || this.#units.length > 0) {
      this.#wakeRequested = false;
      await this.#group();
      await new Promise((resume) => setImmediate(resume));
    }
    this.#running = false;
  }

  async #group(): Promise<void> {
    let open = false;
    const context: GroupContext = {
      beginWrites: () => {
        if (!open) this.#sqlite.exec("BEGIN IMMEDIATE");
        open = true;
      },
      touched: [],
    };
    const done: Unit[] = [];
    const startedAt = performance.now();
    while (done.length < GROUP_UNITS && performance.now() - startedAt < this.#groupMs) {
      if (this.#units.length === 0) this.#hooks.poll();
      const unit = this.#units.shift();
      if (unit === undefined) break;
      await unit.execute(context);
      done.push(unit);
      // SQLite may have rolled everything back: what came next would not be part of any transaction.
      if (this.#sqlite.failure !== null) break;
    }
    const failure = this.#finish(open);
    if (failure === null) for (const unit of done) unit.committed();
    else this.#lose(done, failure);
    await this.#hooks.afterGroup(failure === null ? context.touched : []);
    this.#meters.set("queueLength", this.#units.length);
    this.#meters.add("unitsCommitted", failure === null ? done.length : 0);
    this.#meters.add("busySeconds", (performance.now() - startedAt) / 1_000);
  }

  /** Commits what is open. Returns why that failed, or null. */
  #finish(open: boolean): Error | null {
    let failure = this.#sqlite.failure;
    if (failure === null && open) failure = this.#commit();
    if (failure === null) return null;
    this.#sqlite.recover();
    if (!open) return null;
    this.#hooks.afterLoss();
    return failure;
  }

  #commit(): Error | null {
    const startedAt = performance.now();
    try {
      this.#hooks.beforeCommit();
      this.#sqlite.exec("COMMIT");
      const tookMs = performance.now() - startedAt;
      this.#groupMs = Math.min(MAX_GROUP_MS, Math.max(MIN_GROUP_MS, tookMs));
      this.#meters.committed(tookMs / 1_000);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #lose(done: Unit[], failure: Error): void {
    // What only read may have seen what is undone now.
    this.#units.unshift(...done.filter((unit) => unit.isReadOnly?.() === true));
    for (const unit of done) if (unit.isReadOnly?.() !== true) unit.lost(failure);
  }
}
