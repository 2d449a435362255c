import { beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, HOUR } from "../../core/time.ts";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import type { Role } from "../../convex/validators.ts";
import { firstPage, signIn, START, startBackend, type Backend, type Person } from "./setup.ts";

let t: Backend;
let alice: Person;
let bob: Person;
let workspaceId: Id<"workspaces">;
const TOKEN = "i".repeat(32);

beforeEach(async () => {
  t = startBackend();
  alice = await signIn(t, "alice");
  bob = await signIn(t, "bob");
  workspaceId = await currentOf(alice);
});

async function currentOf(person: Person): Promise<Id<"workspaces">> {
  return (await person.query(api.users.me, {}))!.workspace.workspaceId;
}

/** Bob is in Alice's workspace. */
async function letBobIn(role: Exclude<Role, "owner"> = "member"): Promise<void> {
  await alice.mutation(api.invites.create, { token: TOKEN, role });
  await bob.mutation(api.invites.accept, { token: TOKEN });
}

const members = async () => await alice.query(api.members.list, { workspaceId });
const bobsId = async () => (await members()).find(({ name }) => name === "bob")!.memberId;
const refusedWith = (kind: string, field?: string) => ({
  data: { kind, ...(field === undefined ? {} : { field }) },
});

describe("workspaces", () => {
  test("everybody starts with one of their own", async () => {
    expect(await alice.query(api.workspaces.list, {})).toEqual([
      { workspaceId, name: "alice", role: "owner", isCurrent: true },
    ]);
  });

  test("can be made, named and switched between", async () => {
    const made = await alice.mutation(api.workspaces.create, { name: " Production " });
    expect(await currentOf(alice)).toBe(made.workspaceId);
    await alice.mutation(api.workspaces.rename, { name: "Prod" });
    expect((await alice.query(api.workspaces.list, {})).map(({ name }) => name)).toEqual([
      "alice",
      "Prod",
    ]);
    await alice.mutation(api.workspaces.select, { workspaceId });
    expect(await currentOf(alice)).toBe(workspaceId);
  });

  test("give the machines that are added their timing, where nobody says otherwise", async () => {
    const add = async (name: string, settings: object = {}) => {
      const machineId = name.padEnd(21, "-");
      const machine = { machineId, secret: name.padEnd(32, "-"), name };
      await alice.mutation(api.machines.create, { ...machine, ...settings });
      const row = await alice.query(api.machines.get, { machineId });
      return [row!.heartbeatIntervalMs, row!.offlineThresholdMs];
    };
    const usual = await add("before");
    await alice.mutation(api.workspaces.setDefaults, {
      heartbeatIntervalMs: 20_000,
      offlineThresholdMs: 90_000,
    });
    expect(await add("plain")).toEqual([20_000, 90_000]);
    expect(await add("own", { offlineThresholdMs: 60_000 })).toEqual([20_000, 60_000]);
    // Slower than the workspace's threshold: the machine gets one that fits.
    const [slow, slowThreshold] = await add("slow", { heartbeatIntervalMs: 600_000 });
    expect([slow, slowThreshold! > 600_000]).toEqual([600_000, true]);
    await alice.mutation(api.workspaces.setDefaults, {
      heartbeatIntervalMs: null,
      offlineThresholdMs: null,
    });
    expect(await add("after")).toEqual(usual);
    const tight = { heartbeatIntervalMs: 60_000, offlineThresholdMs: 60_000 };
    await expect(alice.mutation(api.workspaces.setDefaults, tight)).rejects.toMatchObject(
      refusedWith("invalid", "offlineThresholdMs"),
    );
  });

  test("of others cannot be selected or left", async () => {
    for (const fn of [api.workspaces.select, api.workspaces.leave]) {
      await expect(bob.mutation(fn, { workspaceId })).rejects.toMatchObject(
        refusedWith("notFound"),
      );
    }
  });

  test("keep their machines apart", async () => {
    await alice.mutation(api.machines.create, {
      machineId: "m".repeat(21),
      secret: "s".repeat(32),
      name: "web-1",
    });
    await alice.mutation(api.workspaces.create, { name: "other" });
    expect(await alice.query(api.machines.list, {})).toEqual([]);
    expect(await alice.query(api.machines.list, { workspaceId })).toHaveLength(1);
  });
});

describe("an invite", () => {
  const peek = async () => await t.query(api.invites.peek, { token: TOKEN });

  test("shows whoever holds the link where it leads", async () => {
    expect(await peek()).toBeNull();
    await alice.mutation(api.invites.create, { token: TOKEN, role: "viewer" });
    expect(await peek()).toEqual({
      workspaceName: "alice",
      role: "viewer",
      invitedBy: "alice",
      expiresAt: START + 7 * DAY,
      isAccepted: false,
    });
  });

  test("lets one person in, who works there from then on", async () => {
    await letBobIn("member");
    expect(await currentOf(bob)).toBe(workspaceId);
    expect(await members()).toMatchObject([
      { name: "alice", role: "owner", isYou: true },
      { name: "bob", email: "bob@example.com", role: "member", isYou: false },
    ]);
    expect(await alice.query(api.invites.list, {})).toMatchObject([
      { role: "member", createdBy: "alice", acceptedBy: "bob", acceptedAt: START },
    ]);
    const carol = await signIn(t, "carol");
    await expect(carol.mutation(api.invites.accept, { token: TOKEN })).rejects.toMatchObject(
      refusedWith("notFound"),
    );
  });

  test("is not used up by somebody who is in already", async () => {
    await letBobIn();
    const token = "j".repeat(32);
    await alice.mutation(api.invites.create, { token, role: "admin" });
    await bob.mutation(api.invites.accept, { token });
    expect((await members()).map(({ role }) => role)).toEqual(["owner", "member"]);
    expect((await t.query(api.invites.peek, { token }))?.isAccepted).toBe(false);
  });

  test("expires, and can be revoked", async () => {
    const { inviteId } = await alice.mutation(api.invites.create, { token: TOKEN, role: "member" });
    vi.setSystemTime(START + 7 * DAY);
    const accept = bob.mutation(api.invites.accept, { token: TOKEN });
    await expect(accept).rejects.toMatchObject(refusedWith("notFound"));
    await alice.mutation(api.invites.revoke, { inviteId });
    expect(await peek()).toBeNull();
  });

  test.each([
    [
      "removed",
      () => bobsId().then((memberId) => alice.mutation(api.members.remove, { memberId })),
    ],
    ["gone", () => bob.mutation(api.workspaces.leave, { workspaceId })],
    [
      "no admin any more",
      () =>
        bobsId().then((memberId) =>
          alice.mutation(api.members.setRole, { memberId, role: "member" }),
        ),
    ],
  ])("is no way back for an admin who is %s", async (_what, happen) => {
    await letBobIn("admin");
    const token = "j".repeat(32);
    await bob.mutation(api.invites.create, { workspaceId, token, role: "admin" });
    await happen();
    const accept = bob.mutation(api.invites.accept, { token });
    await expect(accept).rejects.toMatchObject(refusedWith("notFound"));
    expect(await alice.query(api.invites.list, {})).toMatchObject([{ acceptedBy: "bob" }]);
  });

  test("is kept as a hash", async () => {
    await alice.mutation(api.invites.create, { token: TOKEN, role: "member" });
    const rows = await t.run(async (ctx) => await ctx.db.query("invites").take(2));
    expect(JSON.stringify(rows)).not.toContain(TOKEN);
    expect(JSON.stringify(await alice.query(api.invites.list, {}))).not.toMatch(/[0-9a-f]{64}/);
  });

  test.each([
    ["token", { token: "short" }],
    ["email", { email: "nobody" }],
    ["lifetimeMs", { lifetimeMs: 31 * DAY }],
  ])("with a wrong %s is not made", async (field, args) => {
    const create = alice.mutation(api.invites.create, { token: TOKEN, role: "member", ...args });
    await expect(create).rejects.toMatchObject(refusedWith("invalid", field));
  });
});

describe("roles", () => {
  const rename = async (person: Person) =>
    await person.mutation(api.workspaces.rename, { workspaceId, name: "renamed" });
  const addMachine = async (person: Person) =>
    await person.mutation(api.machines.create, {
      workspaceId,
      machineId: "m".repeat(21),
      secret: "s".repeat(32),
      name: "web-1",
    });

  test("a viewer looks, a member works with machines, an admin decides who is in", async () => {
    await letBobIn("viewer");
    const forbidden = refusedWith("forbidden");
    expect(await bob.query(api.machines.list, {})).toEqual([]);
    await expect(addMachine(bob)).rejects.toMatchObject(forbidden);
    await alice.mutation(api.members.setRole, { memberId: await bobsId(), role: "member" });
    await addMachine(bob);
    await expect(rename(bob)).rejects.toMatchObject(forbidden);
    await expect(bob.query(api.invites.list, {})).rejects.toMatchObject(forbidden);
    await alice.mutation(api.members.setRole, { memberId: await bobsId(), role: "admin" });
    await rename(bob);
    const remove = bob.mutation(api.workspaces.remove, { confirmName: "renamed" });
    await expect(remove).rejects.toMatchObject(forbidden);
  });

  test("an admin can change neither the owner nor their own role", async () => {
    await letBobIn("admin");
    for (const { memberId } of await members()) {
      const demote = bob.mutation(api.members.setRole, { memberId, role: "viewer" });
      await expect(demote).rejects.toMatchObject(refusedWith("invalid", "memberId"));
      const remove = bob.mutation(api.members.remove, { memberId });
      await expect(remove).rejects.toMatchObject(refusedWith("invalid", "memberId"));
    }
  });

  test("ownership is transferred, and there is always one owner", async () => {
    await letBobIn("member");
    await alice.mutation(api.members.transfer, { memberId: await bobsId() });
    expect((await members()).map(({ role }) => role)).toEqual(["admin", "owner"]);
    const back = alice.mutation(api.members.transfer, { memberId: await bobsId() });
    await expect(back).rejects.toMatchObject(refusedWith("forbidden"));
    await alice.mutation(api.workspaces.leave, { workspaceId });
    expect((await bob.query(api.members.list, {})).map(({ name }) => name)).toEqual(["bob"]);
  });
});

describe("leaving", () => {
  test("gives up access at once", async () => {
    await letBobIn();
    await bob.mutation(api.workspaces.leave, { workspaceId });
    expect(await currentOf(bob)).not.toBe(workspaceId);
    await expect(bob.query(api.machines.list, { workspaceId })).rejects.toMatchObject(
      refusedWith("notFound"),
    );
  });

  test("is not for the owner", async () => {
    await expect(alice.mutation(api.workspaces.leave, { workspaceId })).rejects.toMatchObject(
      refusedWith("invalid", "workspaceId"),
    );
  });

  test("somebody who is removed from their last workspace gets a new one", async () => {
    await letBobIn();
    const own = (await bob.query(api.workspaces.list, {})).find(({ role }) => role === "owner")!;
    await bob.mutation(api.workspaces.remove, {
      workspaceId: own.workspaceId,
      confirmName: "bob",
    });
    await alice.mutation(api.members.remove, { memberId: await bobsId() });
    const workspaces = await bob.query(api.workspaces.list, {});
    expect(workspaces).toMatchObject([{ name: "bob", role: "owner", isCurrent: true }]);
    expect(workspaces[0]?.workspaceId).not.toBe(own.workspaceId);
  });
});

describe("keys of somebody who may make none any more", () => {
  const KEY = `rck_${"k".repeat(32)}`;
  const headers = { Authorization: `Bearer ${KEY}` };
  const statusOfKey = async () => (await t.fetch("/api/v1/machines", { headers })).status;
  const apiKeys = async () => await alice.query(api.apiKeys.list, { workspaceId });
  const enrolmentKeys = async () => await alice.query(api.enrolment.listKeys, { workspaceId });

  /** Two that are good for long, and one for an hour. */
  const letBobMakeKeys = async () => {
    await letBobIn("admin");
    const lifetimeMs = HOUR;
    const read = { access: "read" as const, workspaceId };
    await bob.mutation(api.apiKeys.create, { key: KEY, name: "Grafana", ...read });
    const short = { key: `rck_${"s".repeat(32)}`, name: "short", lifetimeMs };
    await bob.mutation(api.apiKeys.create, { ...short, ...read });
    const images = { key: `rce_${"e".repeat(32)}`, name: "images", workspaceId };
    await bob.mutation(api.enrolment.createKey, images);
  };

  test("stay valid when they are removed, which is said then and in the lists", async () => {
    await letBobMakeKeys();
    const memberId = await bobsId();
    const maker = (role: "admin" | null) => ({ createdBy: { name: "bob", role } });
    expect(await apiKeys()).toMatchObject([maker("admin"), maker("admin")]);
    vi.setSystemTime(Date.now() + 2 * HOUR);
    expect(await alice.mutation(api.members.remove, { memberId })).toEqual({ keysLeft: 2 });
    expect(await statusOfKey()).toBe(200);
    expect(await apiKeys()).toMatchObject([maker(null), maker(null)]);
    expect(await enrolmentKeys()).toMatchObject([maker(null)]);
  });

  test("stay valid when they lose the role, and count while they are no admin", async () => {
    await letBobMakeKeys();
    const memberId = await bobsId();
    const setRole = async (role: "admin" | "member" | "viewer") =>
      await alice.mutation(api.members.setRole, { memberId, role });
    expect(await setRole("viewer")).toEqual({ keysLeft: 3 });
    expect(await statusOfKey()).toBe(200);
    expect(await apiKeys()).toMatchObject([
      { createdBy: { role: "viewer" } },
      { createdBy: { role: "viewer" } },
    ]);
    expect(await setRole("member")).toEqual({ keysLeft: 3 });
    expect(await setRole("admin")).toEqual({ keysLeft: 0 });
  });

  test("are listed without a name when the account is gone, and can be revoked", async () => {
    await letBobMakeKeys();
    await alice.mutation(api.members.remove, { memberId: await bobsId() });
    const [key] = await apiKeys();
    await t.run(async (ctx) => await ctx.db.delete("users", key!.createdBy.userId));
    expect((await apiKeys())[0]).toMatchObject({ createdBy: { name: "" } });
    await alice.mutation(api.apiKeys.revoke, { apiKeyId: key!.apiKeyId });
    expect(await statusOfKey()).toBe(401);
  });
});

test("the audit log of a workspace tells who let whom in, and who left", async () => {
  await letBobIn();
  await alice.mutation(api.members.setRole, { memberId: await bobsId(), role: "viewer" });
  await bob.mutation(api.workspaces.leave, { workspaceId });
  const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
  const told = page
    .filter(({ subjectKind }) => subjectKind === "members")
    .map(({ actorName, action, subjectName }) => [actorName, action, subjectName]);
  expect(told).toEqual([
    ["bob", "workspaces.leave", "bob"],
    ["alice", "members.setRole", "bob"],
    ["bob", "invites.accept", "bob"],
  ]);
});
