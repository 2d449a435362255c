/** A group of transactions in which SQLite finds no room: all of it is lost, none of it half. Runs without a disk of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UnitQueue, type Unit } from "../../backend/runtime/unitQueue.ts";
import { CommitClock } from "../../backend/store/clock.ts";
import { Database } from "../../backend/store/database.ts";

let folder: string;
let database: Database;
let clock: CommitClock;
let queue: UnitQueue;
let nowMs: number;
beforeEach(() => {
  // A group also ends when it has lasted long enough: here the clock stands still.
  vi.spyOn(performance, "now").mockReturnValue(0);
  folder = mkdtempSync(join(tmpdir(), "full-"));
  database = new Database(join(folder, "rows.sqlite"));
  nowMs = 1_000;
  clock = new CommitClock(database, () => nowMs);
  queue = new UnitQueue(database.sqlite, {
    beforeCommit: () => clock.persist(),
    afterGroup: async () => () => undefined,
    afterLoss: () => clock.undo(),
    poll: () => undefined,
    failed: (error) => expect(error, "the queue went on").toBeNull(),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  database.close();
  rmSync(folder, { recursive: true });
});

const names = () =>
  database
    .statement("SELECT name FROM settings WHERE name LIKE 'test%' ORDER BY name")
    .all()
    .map(([name]) => String(name));

/** Resolves with what its caller would be told. */
const run = (work: () => void, kind: "writes" | "reads" = "writes") =>
  new Promise<string>((resolve) => {
    let answer = "done";
    const unit: Unit = {
      execute: async (group) => {
        answer = "done";
        if (kind === "writes") {
          group.beginWrites();
          clock.next();
        }
        try {
          work();
        } catch (error) {
          answer = `threw ${(error as Error).message}`;
        }
      },
      committed: () => resolve(answer),
      lost: (error) => resolve(`lost: ${error.message}`),
      isReadOnly: () => kind === "reads",
    };
    queue.add(unit);
  });

const limitPages = (more: number) => {
  const pages = Number(database.statement("PRAGMA page_count").get()?.[0]);
  database.sqlite.exec(`PRAGMA max_page_count = ${pages + more}`);
};
const small = (name: string) => () => database.setSetting(name, "x");
const large = (name: string) => () => database.setSetting(name, "x".repeat(1_000_000));

describe("a database without room", () => {
  it("loses the group as a whole, also what user code goes on to write after the failure", async () => {
    await run(small("test before"));
    const { last } = clock;
    nowMs = 2_000;
    limitPages(4);
    const swallowsTheError = () => {
      try {
        large("test large")();
      } catch {
        // As a function does that does not care.
      }
      small("test after the failure")();
    };
    const answers = await Promise.all([
      run(small("test same group")),
      run(swallowsTheError),
      run(() => expect(names()).toEqual(["test before"]), "reads"),
    ]);
    expect(answers).toEqual(["lost: the disk is full", "lost: the disk is full", "done"]);
    expect(names()).toEqual(["test before"]);
    // Nobody was shown the timestamps of what was lost.
    expect(clock.last).toBe(last);
  });

  it("asks a query again that saw what was then lost", async () => {
    limitPages(4);
    const seen: string[][] = [];
    await Promise.all([
      run(small("test lost")),
      run(() => void seen.push(names()), "reads"),
      run(large("test large")),
    ]);
    expect(seen).toEqual([["test lost"], []]);
  });

  it("goes on reading, and writes again when there is room", async () => {
    limitPages(4);
    expect(await run(large("test large"))).toBe("lost: the disk is full");
    expect(await run(() => void names(), "reads")).toBe("done");
    limitPages(1_000);
    expect(await run(large("test large"))).toBe("done");
    expect(names()).toEqual(["test large"]);
  });
});
