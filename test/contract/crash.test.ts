/** What holds when the backend is killed and started again: nothing is lost, nothing is done twice. */
import { ConvexClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import { GREETING } from "./session.ts";
import { deployContractApp, type Deployed } from "./support/backendImplementation.ts";
import { Writer } from "./support/crash.ts";
import { eventually } from "./support/failure.ts";
import { watch } from "./support/watching.ts";

const KILLS = 4;
const MUTATIONS_PER_KILL = 100;
const JOBS = 60;

describe("kill -9", () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deployContractApp();
  });
  afterAll(() => deployed.dispose());

  const restart = async () => {
    await deployed.backend.kill("SIGKILL");
    await deployed.backend.start();
  };

  it("loses, doubles and reorders none of 400 mutations over 4 kills", async () => {
    const { backend } = deployed;
    const writer = new Writer(backend.url, "alice");
    const reader = new ConvexClient(backend.url, { unsavedChangesWarning: false, logger: false });
    const seen = watch(reader, api.entries.countOf, { writer: "alice" });
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const acknowledged = writer.acknowledged.length;
        writer.send(MUTATIONS_PER_KILL);
        await eventually(
          () => writer.acknowledged.length,
          (count) => count > acknowledged,
        );
        await backend.kill("SIGKILL");
        expect(writer.inFlight, "mutations in flight at the kill").toBeGreaterThan(0);
        await backend.start();
        // The client waits longer after each failure, unless it has caught up in between.
        await writer.settle();
      }
      await writer.expectExactlyOnce(deployed);
      await seen.until((count) => count === KILLS * MUTATIONS_PER_KILL);
      expect(seen.results, "never shown an older state").toEqual(
        seen.results.toSorted((a, b) => a - b),
      );
    } finally {
      await writer.close();
      await reader.close();
    }
  });

  it("runs each scheduled mutation exactly once", async () => {
    const { session } = deployed;
    const log = "jobs";
    await session.mutation(api.scheduling.addManyLater, { log, count: JOBS, delayMs: 0 });
    await session.mutation(api.scheduling.addManyLater, { log, count: JOBS, delayMs: 200 });
    await restart();
    await eventually(
      () => session.query(api.steps.of, { log }),
      (steps) => steps.length >= 2 * JOBS,
    );
    await eventually(
      () => session.query(api.scheduling.pending, {}),
      (pending) => pending === 0,
    );
    const expected = Array.from({ length: JOBS }, (_, n) => [String(n), String(n)]).flat();
    const steps = await session.query(api.steps.of, { log });
    expect(steps.toSorted()).toEqual(expected.toSorted());
  });

  it("does not start an action again that was running", async () => {
    const { session } = deployed;
    const log = "action";
    const id = await session.mutation(api.scheduling.startForEver, { log });
    await eventually(
      () => session.query(api.steps.of, { log }),
      (steps) => steps.length === 1,
    );
    await restart();
    const job = await eventually(
      () => session.query(api.scheduling.look, { id }),
      (row) => row?.state.kind === "failed",
    );
    expect(job?.state).toMatchObject({
      error: expect.stringContaining("Transient error") as string,
    });
    expect(await session.query(api.steps.of, { log })).toEqual(["began"]);
  });

  it("keeps code, environment, crons and documents", async () => {
    const { session } = deployed;
    const id = await session.mutation(api.notes.add, { text: "kept", tag: "a", rank: 1 });
    await restart();
    expect(await session.query(api.notes.read, { id })).toMatchObject({ text: "kept" });
    expect(await session.query(api.ranges.byTag, { tag: "a" })).toEqual(["kept"]);
    expect((await session.query(api.environment.typed, {})).greeting).toBe(GREETING);
    const before = (await session.query(api.ticks.counts, {}))["mutation"] ?? 0;
    await eventually(
      () => session.query(api.ticks.counts, {}),
      (counts) => (counts["mutation"] ?? 0) > before,
    );
  });

  it("stops cleanly when asked to", async () => {
    await deployed.session.mutation(api.notes.add, { text: "the last" });
    expect(await deployed.backend.kill("SIGTERM")).toBe(0);
    await deployed.backend.start();
    const texts = (await deployed.session.query(api.notes.list, {})).map((note) => note.text);
    expect(texts).toContain("the last");
  });
});
