/** Changes to rows that are there already: begun by a start, done once, in the background. */
import { beforeEach, expect, test } from "vitest";
import { MINUTE } from "../../core/time.ts";
import { api, internal } from "../../convex/_generated/api.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await beat(t);
});

const OTHER_ID = "W1StGXR8_Z5jdHi6B-myT";
const rotationOf = async (machineId: string) =>
  (await alice.query(api.machines.get, { machineId }))?.rotation;
/** As rows are after `convex import`: what was scheduled did not come along. */
const loseSchedule = async () => {
  await t.run(async (ctx) => {
    for (const { _id, name } of await ctx.db.system.query("_scheduled_functions").collect())
      if (name.includes("forgetPreviousSecret")) await ctx.scheduler.cancel(_id);
  });
};

test("secrets whose time was over before the move are forgotten, others stay", async () => {
  await addMachine(alice, { machineId: OTHER_ID });
  const secret = "n".repeat(32);
  await alice.mutation(api.secrets.rotate, { machineId: MACHINE_ID, secret, overlapMs: MINUTE });
  await alice.mutation(api.secrets.rotate, { machineId: OTHER_ID, secret: "m".repeat(32) });
  await loseSchedule();
  await pass(t, 2 * MINUTE);
  expect(await rotationOf(MACHINE_ID)).toMatchObject({ previousExpiresAt: START + MINUTE });

  await t.mutation(internal.jobs.migrations.start, {});
  await pass(t, 1_000);
  expect(await rotationOf(MACHINE_ID)).toBeNull();
  expect(await rotationOf(OTHER_ID)).not.toBeNull();
});

test("a migration that is done stays done, however often the server starts", async () => {
  const status = async () => await t.query(internal.jobs.migrations.status, {});
  expect(await status()).toMatchObject([{ name: "forgetExpiredSecrets", processed: 0 }]);
  for (let starts = 0; starts < 3; starts += 1) {
    await t.mutation(internal.jobs.migrations.start, {});
    await pass(t, 1_000);
    expect(await status()).toEqual([
      { name: "forgetExpiredSecrets", state: "success", processed: 1, error: "" },
    ]);
  }
});
