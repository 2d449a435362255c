/**
 * Scheduled actions: when the store fails each runs once, and its end is told once it can be stored; and many that run for
 * long hold up nothing but each other.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { addJob, jobState, type JobState } from "../../backend/runtime/jobs.ts";
import { Scheduler } from "../../backend/runtime/scheduler.ts";
import { Transaction } from "../../backend/runtime/transaction.ts";
import { UnitQueue } from "../../backend/runtime/unitQueue.ts";
import type { UnitTools } from "../../backend/runtime/units.ts";
import { CommitClock } from "../../backend/store/clock.ts";
import { reloadStore } from "../../backend/store/documents.ts";
import { failingCommits } from "./support/failingCommits.ts";
import { openMemoryStore } from "./support/memoryStore.ts";

const nowMs = () => 1_000;
const patiently = { timeout: 20_000 };
const ACTION = { componentPath: "", path: "actions:beat" };
const MUTATION = { componentPath: "", path: "steps:add" };
const functions = new Map([
  [ACTION.path, { type: "action" }],
  [MUTATION.path, { type: "mutation" }],
]);
/** Knows what there is. A mutation that it is to run fails, which is to be seen at its job. */
const runner = {
  package: () => ({
    components: new Map([["", { path: "", definition: { functions } }]]),
    function: ({ path }: typeof ACTION) => ({ fn: functions.get(path) }),
  }),
  find: () => {
    throw new Error("it was its turn");
  },
} as unknown as UnitTools["runner"];

const folder = mkdtempSync(join(tmpdir(), "scheduled-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const open = () => {
  const { store } = openMemoryStore({}, join(folder, `${(files += 1)}.sqlite`));
  const { sqlite } = store.database;
  const clock = new CommitClock(store.database, nowMs);
  const queue = new UnitQueue(sqlite, {
    beforeCommit: () => clock.persist(),
    afterGroup: async () => () => undefined,
    afterLoss: () => {
      reloadStore(store);
      clock.undo();
    },
    poll: () => undefined,
    failed: (error) => expect(error, "the queue went on").toBeNull(),
  });
  const component = store.catalog.component("");
  const schedule = (count: number, target = ACTION): string[] => {
    sqlite.exec("BEGIN");
    const transaction = new Transaction(store, clock.next(), null);
    const request = { target, dueMs: nowMs(), args: [{}] };
    const ids = Array.from({ length: count }, () => addJob(transaction, component, "", request));
    sqlite.exec("COMMIT");
    return ids;
  };
  const [id = ""] = schedule(1);
  const failing = failingCommits(sqlite);
  const started: string[] = [];
  const newScheduler = () =>
    new Scheduler(
      { store, clock, runner, completed: () => undefined, scheduled: () => undefined },
      queue,
      { nowMs, runAction: (jobId) => void started.push(jobId) },
    );
  return {
    ...{ id, store, failing, started, newScheduler, schedule },
    scheduler: newScheduler(),
    state: (of = id): JobState | null => jobState(store, component, of),
  };
};

let opened: ReturnType<typeof open>;
beforeEach(async () => {
  opened = open();
  opened.scheduler.start([]);
  await expect.poll(() => opened.started, patiently).toEqual([opened.id]);
});
afterEach(() => {
  opened.scheduler.stop();
  opened.store.database.close();
});

/** Commits fail until two have, and then no more. `whileFailing` is called before the store serves again. */
const failTwice = async (begin: () => void, whileFailing: () => void) => {
  const { failing } = opened;
  failing.commits = 1_000;
  begin();
  await expect.poll(() => failing.commits, patiently).toBeLessThanOrEqual(998);
  whileFailing();
  failing.commits = 0;
};

describe("a scheduled action whose end the store loses", () => {
  it("succeeds when the store serves again, and is not run again", async () => {
    const { id, scheduler, started, state } = opened;
    await failTwice(
      () => scheduler.actionDone(id, { ok: true, value: "null", ts: 0n, logLines: [] }),
      () => expect(state()).toEqual({ kind: "inProgress" }),
    );
    await expect.poll(() => state(), patiently).toEqual({ kind: "success" });
    expect(started).toEqual([id]);
  });

  it("is told to have failed by the next process, when the store serves again", async () => {
    const { id, scheduler, started, state, newScheduler } = opened;
    scheduler.stop();
    opened.scheduler = newScheduler();
    await failTwice(
      () => opened.scheduler.start([]),
      () => expect(state()).toEqual({ kind: "inProgress" }),
    );
    await expect.poll(() => state(), patiently).toMatchObject({ kind: "failed" });
    expect(started).toEqual([id]);
  });
});

describe("more scheduled actions than may run at the same time", () => {
  it("do not keep a mutation waiting that is due after them", async () => {
    const { scheduler, schedule, started, state } = opened;
    schedule(800);
    const [mutation = ""] = schedule(1, MUTATION);
    scheduler.arm();
    await expect.poll(() => state(mutation), patiently).toMatchObject({ kind: "failed" });
    await expect.poll(() => started.length, patiently).toBe(256);
  });
});
