/** What the pages of incidents and deliveries ask for: filters, and notes that people leave. */
import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import * as Forgetting from "../../convex/model/forgetting.ts";
import type { IncidentState } from "../../convex/validators.ts";
import { addFleet, beatAll, idOf, tokenOf } from "./fleet.ts";
import {
  addChannel,
  firstPage,
  incidentsOf,
  pass,
  post,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;
const TOKEN = "i".repeat(32);

let t: Backend;
let alice: Person;

/** m0 and m1 fell silent; m0 is back, m1 is acknowledged. m2 fell silent ten minutes later. */
beforeEach(async () => {
  t = startBackend();
  alice = await signIn(t, "alice");
  await addFleet(alice, 3);
  await beatAll(t, [0, 1, 2]);
  for (let minute = 0; minute < 12; minute++) {
    if (minute < 10) await beatAll(t, [2]);
    await pass(t, MINUTE, 30_000);
    if (minute === 4) await post(t, "heartbeat", { token: tokenOf(0) });
    if (minute > 4) await beatAll(t, [0]);
  }
  const incidentId = await incidentOf("m1");
  await alice.mutation(api.incidents.acknowledge, { incidentId });
});

async function incidentOf(name: string): Promise<Id<"incidents">> {
  return (await incidentsOf(alice)).find(({ machineName }) => machineName === name)!.incidentId;
}

async function listed(filters: {
  state?: IncidentState;
  machineId?: string;
  from?: number;
  to?: number;
}) {
  const { page } = await alice.query(api.incidents.list, { paginationOpts: firstPage, ...filters });
  return page.map(({ machineName }) => machineName);
}

describe("the incident list", () => {
  test("is filtered by state", async () => {
    expect(await listed({})).toEqual(["m2", "m1", "m0"]);
    expect(await listed({ state: "open" })).toEqual(["m2", "m1"]);
    expect(await listed({ state: "acknowledged" })).toEqual(["m1"]);
    expect(await listed({ state: "closed" })).toEqual(["m0"]);
  });

  test("is filtered by machine, and by when the deadline passed", async () => {
    expect(await listed({ machineId: idOf(1) })).toEqual(["m1"]);
    expect(await listed({ machineId: idOf(1), state: "closed" })).toEqual([]);
    expect(await listed({ from: START + 9 * MINUTE })).toEqual(["m2"]);
    expect(await listed({ to: START + 9 * MINUTE })).toEqual(["m1", "m0"]);
  });

  test("says when the silence was noticed, after the deadline", async () => {
    const [latest] = await incidentsOf(alice);
    expect(latest!.noticedAt).toBeGreaterThanOrEqual(latest!.openedAt);
  });
});

describe("notes on an incident", () => {
  const notes = async (person: Person, incidentId: Id<"incidents">) =>
    (await person.query(api.incidentNotes.list, { incidentId })).map(
      ({ author, text, isMine }) => ({ author, text, isMine }),
    );

  /** Bob is in Alice's workspace. */
  async function bobInside(): Promise<Person> {
    const bob = await signIn(t, "bob");
    await alice.mutation(api.invites.create, { token: TOKEN, role: "member" });
    await bob.mutation(api.invites.accept, { token: TOKEN });
    return bob;
  }

  test("are read by all, oldest first, and removed by their author only", async () => {
    const incidentId = await incidentOf("m1");
    const bob = await bobInside();
    const text = "  Power supply.\r\nReplaced it. ";
    const { noteId } = await alice.mutation(api.incidentNotes.add, { incidentId, text });
    await bob.mutation(api.incidentNotes.add, { incidentId, text: "Thanks" });
    expect(await notes(bob, incidentId)).toEqual([
      { author: "alice", text: "Power supply.\nReplaced it.", isMine: false },
      { author: "bob", text: "Thanks", isMine: true },
    ]);
    await expect(bob.mutation(api.incidentNotes.remove, { noteId })).rejects.toMatchObject({
      data: { kind: "forbidden" },
    });
    await alice.mutation(api.incidentNotes.remove, { noteId });
    expect((await notes(alice, incidentId)).map(({ text: left }) => left)).toEqual(["Thanks"]);
  });

  test("must say something, and nothing that steers terminals", async () => {
    const incidentId = await incidentOf("m1");
    for (const text of ["  ", "x".repeat(2_001), "\u001b[2J"]) {
      await expect(
        alice.mutation(api.incidentNotes.add, { incidentId, text }),
      ).rejects.toMatchObject({ data: { kind: "invalid", field: "text" } });
    }
  });

  test("are in the audit log, and go with the machine", async () => {
    const incidentId = await incidentOf("m1");
    await alice.mutation(api.incidentNotes.add, { incidentId, text: "Power supply." });
    const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
    expect(page[0]).toMatchObject({ action: "incidentNotes.add", actorName: "alice" });
    await t.run(async (ctx) => {
      const [note] = await ctx.db.query("incidentNotes").take(1);
      await Forgetting.forgetMachine(ctx, note!.machine);
    });
    const left = await t.run(async (ctx) => await ctx.db.query("incidentNotes").first());
    expect(left).toBeNull();
  });
});

test("the delivery log is filtered by state", async () => {
  const channelId = await addChannel(alice);
  await alice.mutation(api.channels.update, { channelId, preferences: { isOff: true } });
  await pass(t, 5 * MINUTE, 30_000);
  const inState = async (state: "suppressed" | "delivered", channel?: Id<"channels">) => {
    const args = { paginationOpts: firstPage, state, ...(channel && { channelId: channel }) };
    return (await alice.query(api.deliveries.list, args)).page.length;
  };
  expect(await inState("delivered")).toBe(0);
  const suppressed = await inState("suppressed");
  expect(suppressed).toBeGreaterThan(0);
  expect(await inState("suppressed", channelId)).toBe(suppressed);
  expect(await inState("delivered", channelId)).toBe(0);
});
