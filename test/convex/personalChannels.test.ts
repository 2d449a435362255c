import type { GenericId } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Role } from "../../convex/validators.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  firstPage,
  incidentsOf,
  pass,
  settle,
  signIn,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let t: Backend;
let alice: Person;
let bob: Person;
let workspaceId: GenericId<"workspaces">;
let receiver: Receiver;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  alice = await aliceWithMachine(t);
  workspaceId = (await alice.query(api.users.me, {}))!.workspace.workspaceId;
  bob = await signIn(t, "bob");
  await join("bob", "member");
});

afterEach(() => receiver.close());

/** Takes somebody into Alice's workspace, and has them work there. */
async function join(name: string, role: Role): Promise<void> {
  await t.run(async (ctx) => {
    const users = await ctx.db.query("users").take(10);
    const { _id: userId } = users.find((user) => user.name === name)!;
    await ctx.db.insert("members", { workspaceId, userId, role });
    await ctx.db.patch("users", userId, { currentWorkspaceId: workspaceId });
  });
}

async function addPersonal(person: Person, preferences = {}): Promise<GenericId<"channels">> {
  const { channelId } = await person.mutation(api.channels.create, {
    kind: "webhook",
    name: "Mine",
    config: { url: receiver.url, secret: "s3cret" },
    isPersonal: true,
    preferences,
  });
  return channelId;
}

async function goOffline(): Promise<void> {
  await beat(t);
  await pass(t, 2 * MINUTE + 15 * SECOND, 10 * SECOND);
  await settle(t);
}

const namesOf = async (person: Person) =>
  (await person.query(api.channels.list, {})).map(({ name, isPersonal }) => [name, isPersonal]);

describe("a personal channel", () => {
  test("S1.5 tells its owner what they chose, whatever the workspace's channels hear", async () => {
    await addChannel(alice, { url: receiver.url });
    await addPersonal(bob, { events: ["machine.online"] });
    await goOffline();
    expect(receiver.received).toHaveLength(1);
    const other = await addPersonal(bob, { tags: ["prod"] });
    await bob.mutation(api.channels.remove, { channelId: other });
    await beat(t);
    await settle(t);
    // Recoveries go to those who heard of the incident.
    expect(receiver.received).toHaveLength(2);
  });

  test("is seen by its owner alone: in the list, in the log, and in an incident's", async () => {
    await addPersonal(bob);
    await goOffline();
    const [incident] = await incidentsOf(alice);
    const of = { incidentId: incident!.incidentId };
    expect(await namesOf(bob)).toEqual([["Mine", true]]);
    expect(await deliveriesOf(bob)).toHaveLength(1);
    expect(await bob.query(api.deliveries.ofIncident, of)).toHaveLength(1);
    expect(await namesOf(alice)).toEqual([]);
    expect(await deliveriesOf(alice)).toEqual([]);
    expect(await alice.query(api.deliveries.ofIncident, of)).toEqual([]);
    const ledger = await alice.query(api.deliveries.ledger, { paginationOpts: firstPage });
    const entries = ledger.page.map(({ entry }) => entry).join();
    expect(entries).toContain('"channel":"(personal)"');
    expect(entries).not.toContain("Mine");
  });

  test("is no business of the audit log", async () => {
    await addPersonal(bob);
    await addChannel(alice);
    const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
    const channels = page.filter(({ subjectKind }) => subjectKind === "channels");
    expect(channels.map(({ subjectName }) => subjectName)).toEqual(["Ops"]);
  });

  test("is changed, tried and removed by its owner alone, also not by the workspace's", async () => {
    const channelId = await addPersonal(bob);
    const name = "Theirs";
    for (const refused of [
      alice.mutation(api.channels.update, { channelId, name }),
      alice.mutation(api.channels.test, { channelId }),
      alice.mutation(api.channels.remove, { channelId }),
      alice.query(api.deliveries.list, { channelId, paginationOpts: firstPage }),
    ]) {
      await expect(refused).rejects.toMatchObject({ data: { kind: "notFound" } });
    }
    await bob.mutation(api.channels.update, { channelId, name });
    const { deliveryId } = await bob.mutation(api.channels.test, { channelId });
    await settle(t);
    expect(receiver.received).toHaveLength(1);
    const again = alice.mutation(api.deliveries.sendAgain, { deliveryId });
    await expect(again).rejects.toMatchObject({ data: { kind: "notFound" } });
    expect(await namesOf(bob)).toEqual([[name, true]]);
  });

  test("stays personal when its preferences are replaced", async () => {
    const channelId = await addPersonal(bob);
    await bob.mutation(api.channels.update, { channelId, preferences: { isOff: true } });
    expect(await namesOf(bob)).toEqual([["Mine", true]]);
  });

  test("by e-mail goes to the owner's own address only", async () => {
    const create = async (to: string) =>
      await bob.mutation(api.channels.create, {
        kind: "email",
        name: "Mail",
        config: { to },
        isPersonal: true,
      });
    await expect(create("alice@example.com")).rejects.toMatchObject({
      data: { kind: "invalid", field: "config.to" },
    });
    const { channelId } = await create("Bob@example.com");
    const config = { to: "bob@example.com, alice@example.com" };
    await expect(bob.mutation(api.channels.update, { channelId, config })).rejects.toMatchObject({
      data: { field: "config.to" },
    });
  });

  test("by e-mail waits until its owner's address is verified, where links can be sent", async () => {
    vi.stubEnv("SMTP_URL", "smtps://mail.example.com");
    vi.stubEnv("SITE_URL", "https://rollcall.example");
    const create = async () =>
      await bob.mutation(api.channels.create, {
        kind: "email",
        name: "Mail",
        config: { to: "bob@example.com" },
        isPersonal: true,
      });
    await expect(create()).rejects.toMatchObject({
      data: { kind: "invalid", field: "config.to" },
    });
    await t.run(async (ctx) => {
      const users = await ctx.db.query("users").take(5);
      const { _id } = users.find(({ email }) => email === "bob@example.com")!;
      await ctx.db.patch("users", _id, { emailVerificationTime: Date.now() });
    });
    await create();
  });

  test("that fails is reported through its owner's others, and to nobody else", async () => {
    await addChannel(alice, { url: receiver.url });
    const dead = "http://127.0.0.1:9/";
    await bob.mutation(api.channels.create, {
      kind: "webhook",
      name: "Dead",
      config: { url: dead },
      isPersonal: true,
    });
    await addPersonal(bob);
    await goOffline();
    await pass(t, 5 * MINUTE, 10 * SECOND);
    await settle(t);
    const reports = (await deliveriesOf(bob)).filter(({ event }) => event === "channel.failing");
    expect(reports.map(({ channelName }) => channelName)).toEqual(["Mine"]);
  });

  test("goes where its owner goes: out of the workspace", async () => {
    await addPersonal(bob);
    await bob.mutation(api.workspaces.leave, { workspaceId });
    const left = await t.run(async (ctx) => await ctx.db.query("channels").take(5));
    expect(left).toEqual([]);
  });

  test("is a member's: whoever may only look has none, and none any more", async () => {
    await addPersonal(bob);
    const members = await alice.query(api.members.list, {});
    const { memberId } = members.find(({ name }) => name === "bob")!;
    await alice.mutation(api.members.setRole, { memberId, role: "viewer" });
    expect(await namesOf(bob)).toEqual([]);
    await expect(addPersonal(bob)).rejects.toMatchObject({ data: { kind: "forbidden" } });
  });

  test("goes with its owner's account", async () => {
    await addPersonal(bob);
    const { email } = (await bob.query(api.users.me, {}))!;
    await t.run(async (ctx) => {
      const users = await ctx.db.query("users").take(10);
      const { removeAccount } = await import("../../convex/model/removals.ts");
      await removeAccount(
        ctx,
        users.find((user) => user.email === email)!,
      );
    });
    const left = await t.run(async (ctx) => await ctx.db.query("channels").take(5));
    expect(left).toEqual([]);
  });

  test("leaves room for the workspace's: each has ten", async () => {
    for (let made = 0; made < 10; made++) await addPersonal(bob);
    await expect(addPersonal(bob)).rejects.toMatchObject({ data: { kind: "limitReached" } });
    await addPersonal(alice);
    await addChannel(alice);
  });
});

test("a channel of the workspace is made, changed and tried by admins alone", async () => {
  const channelId = await addChannel(alice, { url: receiver.url });
  for (const refused of [
    addChannel(bob),
    bob.mutation(api.channels.update, { channelId, name: "x" }),
    bob.mutation(api.channels.test, { channelId }),
    bob.mutation(api.channels.remove, { channelId }),
  ]) {
    await expect(refused).rejects.toMatchObject({ data: { kind: "forbidden" } });
  }
  expect(await namesOf(bob)).toEqual([["Ops", false]]);
});
