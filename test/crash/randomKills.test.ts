/**
 * The long version of contract/crash.test.ts: clients write, schedule and watch while the backend is killed at random
 * moments; a model of what they asked for tells what must be there in the end. `CRASH_ROUNDS` is the number of kills,
 * `CRASH_SEED` repeats their moments.
 */
import { ConvexClient } from "convex/browser";
import { describe, expect, it } from "vitest";
import { deployContractApp, type Deployed } from "../contract/support/backendImplementation.ts";
import { Writer } from "../contract/support/crash.ts";
import { eventually } from "../contract/support/failure.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";

const KILLS = Number(process.env["CRASH_ROUNDS"] ?? 200);
const WRITERS = 3;
/** Sent by each writer before each kill. */
const BURST = 60;
const LONGEST_PAUSE_MS = 250;
const JOBS = 5;
const LONGEST_DELAY_MS = 500;
const PATIENCE_MS = 60_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A small generator (mulberry32), so that a failure can be repeated from its seed. */
const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A client that schedules: mutations that must run once each, and actions that may run once at most. */
class Planner {
  readonly #client: ConvexClient;
  readonly #logs: string[] = [];
  readonly #actions: { log: string; job: Promise<string> }[] = [];
  readonly #pending: Promise<unknown>[] = [];

  constructor(url: string) {
    this.#client = new ConvexClient(url, { unsavedChangesWarning: false, logger: false });
  }

  plan(round: number, random: () => number): void {
    const log = `mutations of ${round}`;
    const delayMs = Math.floor(random() * LONGEST_DELAY_MS);
    const planned = { log, count: JOBS, delayMs };
    this.#pending.push(this.#client.mutation(api.scheduling.addManyLater, planned));
    this.#logs.push(log);
    const action = { log: `action of ${round}` };
    const job = this.#client.mutation(api.scheduling.actLater, action);
    this.#actions.push({ ...action, job });
  }

  async expectKept({ session }: Deployed): Promise<void> {
    await Promise.all([...this.#pending, ...this.#actions.map(({ job }) => job)]);
    await eventually(
      () => session.query(api.scheduling.pending, {}),
      (pending) => pending === 0,
      PATIENCE_MS,
    );
    const all = Array.from({ length: JOBS }, (_, n) => String(n));
    for (const log of this.#logs) {
      const steps = await session.query(api.steps.of, { log });
      expect([log, steps.toSorted()]).toEqual([log, all]);
    }
    for (const { log, job } of this.#actions) {
      const id = (await job) as never;
      const row = await eventually(
        () => session.query(api.scheduling.look, { id }),
        (found) => found?.state.kind === "success" || found?.state.kind === "failed",
        PATIENCE_MS,
      );
      const steps = await session.query(api.steps.of, { log });
      // Killed in the middle it counts as failed, whether it has delivered or not; it never delivers twice.
      expect([log, steps.length]).toEqual([
        log,
        row?.state.kind === "success" ? 1 : Math.min(steps.length, 1),
      ]);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

describe("kill -9 at random moments", () => {
  it(
    `keeps mutations, jobs and subscriptions true over ${KILLS} kills`,
    async () => {
      const seed = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
      console.info(`CRASH_SEED=${seed}`);
      const random = randomFrom(seed);
      const deployed = await deployContractApp();
      const { backend } = deployed;
      const names = Array.from({ length: WRITERS }, (_, index) => `writer ${index}`);
      const writers = names.map((name) => new Writer(backend.url, name));
      const planner = new Planner(backend.url);
      const reader = new ConvexClient(backend.url, { unsavedChangesWarning: false, logger: false });
      const counts = names.map((writer) => watch(reader, api.entries.countOf, { writer }));
      try {
        for (let kill = 0; kill < KILLS; kill += 1) {
          for (const writer of writers) writer.send(Math.ceil(random() * BURST));
          planner.plan(kill, random);
          await sleep(random() * LONGEST_PAUSE_MS);
          await backend.kill("SIGKILL");
          await backend.start();
          // Sometimes the next burst meets clients that are not connected yet.
          if (random() < 0.5) await sleep(random() * 3 * LONGEST_PAUSE_MS);
        }
        for (const [at, writer] of writers.entries()) {
          await writer.settle();
          await writer.expectExactlyOnce(deployed);
          const seen = counts[at];
          await seen?.until((count) => count === writer.acknowledged.length);
          expect(seen?.results, "never shown an older state").toEqual(
            seen?.results.toSorted((a, b) => a - b),
          );
        }
        await planner.expectKept(deployed);
      } finally {
        await Promise.all([...writers, planner, reader].map((client) => client.close()));
        await deployed.dispose();
      }
    },
    120_000 + KILLS * 10_000,
  );
});
