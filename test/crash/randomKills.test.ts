/** The long version of contract/crash.test.ts: several writers, kills at random moments. `CRASH_SEED` repeats a run. */
import { describe, it } from "vitest";
import { deployContractApp } from "../contract/support/backendImplementation.ts";
import { Writer } from "../contract/support/crash.ts";

const KILLS = 25;
const WRITERS = 3;
/** Sent by each writer before each kill. */
const BURST = 60;
const LONGEST_PAUSE_MS = 250;

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

describe("kill -9 at random moments", () => {
  it(`keeps every mutation of ${WRITERS} writers exactly once over ${KILLS} kills`, async () => {
    const seed = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    console.info(`CRASH_SEED=${seed}`);
    const random = randomFrom(seed);
    const deployed = await deployContractApp();
    const { backend } = deployed;
    const writers = Array.from(
      { length: WRITERS },
      (_, index) => new Writer(backend.url, `writer ${index}`),
    );
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        for (const writer of writers) writer.send(Math.ceil(random() * BURST));
        await sleep(random() * LONGEST_PAUSE_MS);
        await backend.kill("SIGKILL");
        await backend.start();
        // Sometimes the next burst meets clients that are not connected yet.
        if (random() < 0.5) await sleep(random() * 3 * LONGEST_PAUSE_MS);
      }
      for (const writer of writers) {
        await writer.settle();
        await writer.expectExactlyOnce(deployed);
      }
    } finally {
      await Promise.all(writers.map((writer) => writer.close()));
      await deployed.dispose();
    }
  });
});
