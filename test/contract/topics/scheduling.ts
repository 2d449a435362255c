/** Scheduled functions: what runs, what does not, and what their rows tell. */
import { expect } from "vitest";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import type { Id } from "../../fixtures/contractApp/convex/_generated/dataModel.js";
import type { Session, Topic } from "../session.ts";
import { eventually, failure } from "../support/failure.ts";

const log = "later";
const farMs = 3_600_000;

type JobId = Id<"_scheduled_functions">;
const look = (t: Session, id: JobId) => t.query(api.scheduling.look, { id });
const steps = (t: Session) => t.query(api.steps.of, { log });

/** The row of a job that came to its end. */
const finished = (t: Session, id: JobId) =>
  eventually(
    () => look(t, id),
    (job) => job !== null && !["pending", "inProgress"].includes(job.state.kind),
  );

/** A later job has run: whatever was due before it has had its turn. */
const afterAnother = async (t: Session) => {
  await finished(
    t,
    await t.mutation(api.scheduling.addLater, { log: "turn", step: "taken", delayMs: 30 }),
  );
};

export const scheduling = {
  "a function that is scheduled for now runs after the mutation": async (t) => {
    const id = await t.mutation(api.scheduling.addLater, { log, step: "ran", delayMs: 0 });
    const job = await finished(t, id);
    expect(job?.state).toEqual({ kind: "success" });
    expect(await steps(t)).toEqual(["ran"]);
  },

  "the row of a job tells its function, arguments and time": async (t) => {
    const time = Date.now() + farMs;
    const id = await t.mutation(api.scheduling.addAt, { log, step: "later", time });
    const job = await look(t, id);
    expect(job).toMatchObject({
      _id: id,
      args: [{ log, step: "later" }],
      state: { kind: "pending" },
    });
    expect(job?.name).toMatch(/^steps(\.js)?:addInternal$/);
    expect(Math.abs((job?.scheduledTime ?? 0) - time)).toBeLessThan(1);
    await t.mutation(api.scheduling.cancel, { id });
  },

  "a finished job tells when it was completed": async (t) => {
    const id = await t.mutation(api.scheduling.addLater, { log, step: "ran", delayMs: 0 });
    expect((await finished(t, id))?.completedTime).toEqual(expect.any(Number));
  },

  "a job waits for its time, and a cancelled one never runs": async (t) => {
    const id = await t.mutation(api.scheduling.addLater, { log, step: "no", delayMs: farMs });
    expect((await look(t, id))?.state).toEqual({ kind: "pending" });
    await t.mutation(api.scheduling.cancel, { id });
    expect((await look(t, id))?.state).toEqual({ kind: "canceled" });
    expect(await steps(t)).toEqual([]);
  },

  "a cancelled job that was due soon never runs": async (t) => {
    const id = await t.mutation(api.scheduling.addLater, { log, step: "no", delayMs: 400 });
    await t.mutation(api.scheduling.cancel, { id });
    await finished(
      t,
      await t.mutation(api.scheduling.addLater, { log: "turn", step: "taken", delayMs: 500 }),
    );
    expect(await steps(t)).toEqual([]);
    expect((await look(t, id))?.state).toEqual({ kind: "canceled" });
  },

  "jobs run in the order of their times": async (t) => {
    const late = await t.mutation(api.scheduling.addLater, { log, step: "late", delayMs: 300 });
    await t.mutation(api.scheduling.addLater, { log, step: "soon", delayMs: 20 });
    await finished(t, late);
    expect(await steps(t)).toEqual(["soon", "late"]);
  },

  "a time in the past means now": async (t) => {
    const time = Date.now() - 60_000;
    await finished(t, await t.mutation(api.scheduling.addAt, { log, step: "ran", time }));
    expect(await steps(t)).toEqual(["ran"]);
  },

  "a scheduled mutation that fails is marked and leaves nothing behind": async (t) => {
    const id = await t.mutation(api.scheduling.failLater, { log, step: "no" });
    expect((await finished(t, id))?.state.kind).toBe("failed");
    expect(await steps(t)).toEqual([]);
  },

  "the row of a failed job tells the error": async (t) => {
    const id = await t.mutation(api.scheduling.failLater, { log, step: "no" });
    expect((await finished(t, id))?.state).toEqual({
      kind: "failed",
      error: expect.stringContaining("failed at no") as string,
    });
  },

  "a scheduled action runs": async (t) => {
    const id = await t.mutation(api.scheduling.actLater, { log });
    expect((await finished(t, id))?.state).toEqual({ kind: "success" });
    expect(await steps(t)).toEqual(["from an action"]);
  },

  "an action that is cancelled while it runs goes on, and stays cancelled": async (t) => {
    const id = await t.mutation(api.scheduling.actAndCancelLater, { log });
    await eventually(
      () => steps(t),
      (all) => all.length > 0,
    );
    await afterAnother(t);
    expect((await look(t, id))?.state).toEqual({ kind: "canceled" });
  },

  "an action can schedule": async (t) => {
    await finished(t, await t.action(api.scheduling.addLaterFromAction, { log, step: "ran" }));
    expect(await steps(t)).toEqual(["ran"]);
  },

  "what a failed mutation scheduled never runs": async (t) => {
    await failure(t.mutation(api.scheduling.scheduleThenFail, { log, step: "no" }));
    await afterAnother(t);
    expect(await steps(t)).toEqual([]);
  },

  "what a failed child scheduled never runs": async (t) => {
    await finished(t, await t.mutation(api.scheduling.childSchedulesAndFails, { log }));
    await afterAnother(t);
    expect(await steps(t)).toEqual(["kept"]);
  },

  "a job can schedule the next one": async (t) => {
    await t.mutation(api.scheduling.startCountdown, { log, from: 3 });
    await eventually(
      () => steps(t),
      (all) => all.includes("0"),
    );
    expect(await steps(t)).toEqual(["3", "2", "1", "0"]);
  },

  "a function that does not exist cannot be scheduled": async (t) => {
    await failure(t.mutation(api.scheduling.scheduleNothing, {}));
  },
} satisfies Topic;
