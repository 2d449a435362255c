/**
 * The one line in which everything waits that touches the database: first in, first out, one at a time. Units that run
 * close together share one commit, and while the disk takes it in, the next ones run already: so one fsync serves all that
 * came during the one before. Nobody hears of a result before it is on disk.
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
  /**
   * After the commit and before any other work; `touched` is empty when the group only read. What it returns is called when
   * all that it can have seen is on disk, after the group's results were handed out.
   */
  afterGroup(touched: TouchedKey[]): Promise<() => void>;
  /** After a lost group: memory that mirrors the file must be read again. */
  afterLoss(): void;
  /** Lets messages that have arrived meanwhile join the group. */
  poll(): void;
  /** The disk failed, or memory cannot be brought in line with the file: this thread must end and begin anew. */
  failed(error: unknown): void;
};

/** So long a group goes on without a look at the disk and at what else waits in this thread. */
const TURN_MS = 3;
const GROUP_UNITS = 256;

export class UnitQueue {
  readonly #sqlite: Sqlite;
  readonly #hooks: QueueHooks;
  readonly #meters: Meters;
  #units: Unit[] = [];
  #running = false;
  #wakeRequested = false;
  /** Resolves when everything that was committed is on disk. */
  #stored: Promise<void> = Promise.resolve();
  #isDiskBusy = false;
  /** Ends the pause of a group that has nothing to do until the disk is free. */
  #resume: () => void = () => undefined;
  #pausedMs = 0;

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
    this.#resume();
    if (this.#running) return;
    this.#running = true;
    this.#run().catch((error: unknown) => this.#hooks.failed(error));
  }

  async #run(): Promise<void> {
    // The first group starts in a turn of its own: what arrived in one message batch is all in the line by then.
    await Promise.resolve();
    while (this.#wakeRequested || this.#units.length > 0) {
      this.#wakeRequested = false;
      await this.#group();
      await nextTurn();
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
    const startedAt = performance.now();
    this.#pausedMs = 0;
    const done = await this.#fill(context, () => open);
    // The next commit belongs to the next fsync.
    if (open) await this.#pause(this.#stored);
    const failure = this.#finish(open);
    if (failure !== null) this.#lose(done, failure);
    else this.#onceStored(() => done.forEach((unit) => unit.committed()));
    this.#onceStored(await this.#hooks.afterGroup(failure === null ? context.touched : []));
    this.#meters.set("queueLength", this.#units.length);
    this.#meters.add("unitsCommitted", failure === null ? done.length : 0);
    const busyMs = performance.now() - startedAt - this.#pausedMs;
    this.#meters.add("busySeconds", busyMs / 1_000);
  }

  async #pause(until: Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await until;
    this.#pausedMs += performance.now() - startedAt;
  }

  /** In the order of the calls. */
  #onceStored(tell: () => void): void {
    this.#stored.then(tell).catch((error: unknown) => this.#hooks.failed(error));
  }

  /** Executes what waits, and what comes while the disk is busy with the group before. Returns what it executed. */
  async #fill(context: GroupContext, isOpen: () => boolean): Promise<Unit[]> {
    const done: Unit[] = [];
    let turnBegan = performance.now();
    while (done.length < GROUP_UNITS) {
      if (this.#units.length === 0) this.#hooks.poll();
      const unit = this.#units.shift();
      if (unit === undefined) {
        if (!isOpen() || !this.#isDiskBusy) break;
        await this.#pause(new Promise((resolve) => (this.#resume = resolve)));
        continue;
      }
      await unit.execute(context);
      done.push(unit);
      // SQLite may have rolled everything back: what came next would not be part of any transaction.
      if (this.#sqlite.failure !== null) break;
      if (performance.now() - turnBegan < TURN_MS) continue;
      await nextTurn();
      if (!this.#isDiskBusy) break;
      turnBegan = performance.now();
    }
    return done;
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
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    this.#isDiskBusy = true;
    this.#stored = this.#sqlite.sync().then(() => {
      this.#meters.committed((performance.now() - startedAt) / 1_000);
      this.#isDiskBusy = false;
      this.#resume();
    });
    return null;
  }

  #lose(done: Unit[], failure: Error): void {
    // What only read may have seen what is undone now.
    this.#units.unshift(...done.filter((unit) => unit.isReadOnly?.() === true));
    for (const unit of done) if (unit.isReadOnly?.() !== true) unit.lost(failure);
  }
}

const nextTurn = (): Promise<void> => new Promise((resume) => void setImmediate(resume));
