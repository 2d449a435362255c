/** Moments that no clock shows: every function that takes one refuses it, instead of counting days up to it for ever. */
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  aliceWithMachine,
  firstPage,
  MACHINE_ID,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;

beforeAll(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  const page = { slug: "acme", title: "Acme" };
  const { statusPageId } = await alice.mutation(api.statusPages.create, page);
  const items = [{ machineId: MACHINE_ID, name: "Website" }];
  await alice.mutation(api.statusPages.setItems, { statusPageId, items });
  await alice.mutation(api.statusPages.update, { statusPageId, isPublished: true });
  await alice.mutation(api.maintenance.create, { name: "Nightly", schedule: weekly });
});

const weekly = {
  kind: "weekly" as const,
  timeZone: "Europe/Vienna",
  days: [0],
  startMinute: 0,
  durationMs: 3_600_000,
};
const machineId = MACHINE_ID;
const machineIds = [MACHINE_ID];

// A day added to the last of these changes nothing: a loop over days would not end.
describe.each([NaN, Infinity, -1, 9e15, 5e25])("%s is no moment", (moment) => {
  const stretch = { from: START, to: moment };
  test.each([
    ["publicStatus.get", () => t.query(api.publicStatus.get, { slug: "acme", until: moment })],
    ["uptime.get", () => alice.query(api.uptime.get, { machineId, until: moment })],
    ["uptime.bars", () => alice.query(api.uptime.bars, { machineIds, until: moment })],
    ["history.timeline", () => alice.query(api.history.timeline, { machineId, ...stretch })],
    ["samples.range", () => alice.query(api.samples.range, { machineId, ...stretch })],
    [
      "history.fleetAt",
      () => alice.query(api.history.fleetAt, { at: moment, paginationOpts: firstPage }),
    ],
    [
      "maintenance.preview",
      () => alice.query(api.maintenance.preview, { schedule: weekly, at: moment }),
    ],
  ])("for %s", async (_name, ask) => {
    await expect(ask()).rejects.toMatchObject({ data: { kind: "invalid" } });
  });
});
