import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import schema from "../../convex/schema.ts";
import { enter, enterAs, hashCheaply, JWT_PRIVATE_KEY, PASSWORD } from "./passwords.ts";
import { allRows } from "./samples.ts";
import {
  addChannel,
  addMachine,
  beat,
  firstPage,
  settle,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";
import { workspaceTables } from "../../convex/model/workspaceRows.ts";

let t: Backend;
let alice: Person;
const NEW_PASSWORD = "new horse battery";
const bobs = { email: "bob@example.com" };

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("JWT_PRIVATE_KEY", JWT_PRIVATE_KEY);
  hashCheaply();
  alice = await enterAs(t, "signUp", { name: "alice" });
});

describe("changing the password", () => {
  const change = async (currentPassword = PASSWORD, newPassword = NEW_PASSWORD) =>
    await alice.action(api.accounts.changePassword, { currentPassword, newPassword });

  test("ends all other sessions at once, and lets in with the new one only", async () => {
    const elsewhere = await enterAs(t, "signIn");
    expect(await elsewhere.query(api.users.me, {})).not.toBeNull();
    await change();
    expect(await elsewhere.query(api.users.me, {})).toBeNull();
    await expect(elsewhere.query(api.machines.list, {})).rejects.toMatchObject({
      data: { kind: "notSignedIn" },
    });
    expect(await alice.query(api.users.me, {})).not.toBeNull();
    await expect(enter(t, "signIn")).rejects.toMatchObject({ data: { kind: "badCredentials" } });
    await enter(t, "signIn", { password: NEW_PASSWORD });
  });

  test("needs the current one, and a good new one", async () => {
    await expect(change("wrong")).rejects.toMatchObject({ data: { kind: "badCredentials" } });
    await expect(change(PASSWORD, "short")).rejects.toMatchObject({
      data: { kind: "invalid", field: "newPassword" },
    });
    await enter(t, "signIn");
  });

  test("is in the audit log, without passwords", async () => {
    await change();
    const { page } = await alice.query(api.audit.list, { paginationOpts: firstPage });
    expect(page[0]).toMatchObject({ action: "accounts.changePassword", actorName: "alice" });
    expect(JSON.stringify(page)).not.toContain("horse");
  });
});

describe("sessions", () => {
  const sessions = async () => await alice.query(api.sessions.list, {});

  test("are listed, the caller's marked", async () => {
    await enterAs(t, "signIn");
    const rows = await sessions();
    expect(rows).toHaveLength(2);
    expect(rows.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
  });

  test("say in which browser they are, as its page has it", async () => {
    const said = { browser: "Firefox", system: `macOS\u0007${"x".repeat(100)}` };
    await alice.mutation(api.sessions.describe, said);
    await enterAs(t, "signIn");
    const rows = await sessions();
    expect(rows.find(({ isCurrent }) => isCurrent)!.device).toEqual({
      browser: "Firefox",
      system: `macOS ${"x".repeat(34)}`,
    });
    expect(rows.find(({ isCurrent }) => !isCurrent)!.device).toBeNull();
  });

  test("can be ended one by one, which signs that page out at once", async () => {
    const elsewhere = await enterAs(t, "signIn");
    const { sessionId } = (await sessions()).find(({ isCurrent }) => !isCurrent)!;
    await alice.mutation(api.sessions.revoke, { sessionId });
    expect(await elsewhere.query(api.users.me, {})).toBeNull();
    expect(await sessions()).toHaveLength(1);
    const tokens = await t.run(async (ctx) => await ctx.db.query("authRefreshTokens").take(10));
    expect(tokens).toHaveLength(1);
  });

  test("can all be ended but the caller's", async () => {
    await enterAs(t, "signIn");
    await enterAs(t, "signIn");
    expect(await alice.mutation(api.sessions.revokeOthers, {})).toEqual({ ended: 2 });
    expect(await sessions()).toMatchObject([{ isCurrent: true }]);
  });

  test("of others do not exist", async () => {
    const bob = await enterAs(t, "signUp", bobs);
    const [session] = await sessions();
    const revoke = bob.mutation(api.sessions.revoke, { sessionId: session!.sessionId });
    await expect(revoke).rejects.toMatchObject({ data: { kind: "notFound" } });
  });
});

test("the account shows its name, which can be changed, and how one signs in", async () => {
  await alice.mutation(api.accounts.rename, { name: "Alice A." });
  expect(await alice.query(api.accounts.get, {})).toEqual({
    email: "alice@example.com",
    name: "Alice A.",
    isEmailVerified: false,
    hasPassword: true,
    providers: [],
  });
});

describe("S4.1 deleting the account", () => {
  const remove = async (args: { confirmEmail?: string; password?: string } = {}) =>
    await alice.action(api.accounts.remove, {
      confirmEmail: "Alice@example.com",
      password: PASSWORD,
      ...args,
    });

  test("takes its workspaces and everything in them, and leaves others alone", async () => {
    const bob = await enterAs(t, "signUp", bobs);
    const before = await allRows(t);
    const carol = { email: "carol@example.com", name: "carol" };
    const doomed = await enterAs(t, "signUp", carol);
    await addMachine(doomed);
    await addChannel(doomed);
    await beat(t, { metrics: { cpuUsage: 1 } });
    await doomed.mutation(api.cleanUps.enable, { silentForMs: 86_400_000 });
    await doomed.mutation(api.invites.create, { token: "i".repeat(32), role: "member" });
    await doomed.action(api.accounts.remove, { confirmEmail: carol.email, password: PASSWORD });
    for (let round = 0; round < 6; round++) await settle(t);
    const after = await allRows(t);
    const left = [...after].filter(([id]) => !before.has(id)).map(([, row]) => row);
    expect(left.filter((row) => !/^(deletedMachines|sweeps|signingKeys) /.test(row))).toEqual([]);
    expect(await bob.query(api.users.me, {})).not.toBeNull();
    expect((await beat(t)).status).toBe(410);
  });

  test("shows how far it is, and signs out at once", async () => {
    await addMachine(alice);
    await beat(t);
    await remove();
    expect(await alice.query(api.users.me, {})).toBeNull();
    expect(await alice.query(api.accounts.removal, {})).toMatchObject({ removedRows: 0 });
    for (let round = 0; round < 4; round++) await settle(t);
    expect(await alice.query(api.accounts.removal, {})).toBeNull();
    await expect(enter(t, "signIn")).rejects.toMatchObject({ data: { kind: "badCredentials" } });
  });

  test("is refused while others are in a workspace that it owns", async () => {
    const bob = await enterAs(t, "signUp", bobs);
    await alice.mutation(api.invites.create, { token: "i".repeat(32), role: "member" });
    await bob.mutation(api.invites.accept, { token: "i".repeat(32) });
    await expect(remove()).rejects.toMatchObject({
      data: { kind: "invalid", message: expect.stringContaining("alice") as string },
    });
    expect(await alice.query(api.users.me, {})).not.toBeNull();
  });

  test("needs the password, and the address as a confirmation", async () => {
    await expect(remove({ password: "wrong" })).rejects.toMatchObject({
      data: { kind: "badCredentials" },
    });
    await expect(remove({ confirmEmail: "bob@example.com" })).rejects.toMatchObject({
      data: { kind: "invalid", field: "confirmEmail" },
    });
    expect(await alice.query(api.users.me, {})).not.toBeNull();
  });
});

describe("deleting a workspace", () => {
  test("is seen by who did it: how many rows went, and when it was done", async () => {
    const { workspaceId } = await alice.mutation(api.workspaces.create, { name: "old" });
    await addMachine(alice);
    await alice.mutation(api.workspaces.remove, { workspaceId, confirmName: "old" });
    expect(await alice.query(api.workspaces.list, {})).toMatchObject([{ name: "alice" }]);
    for (let round = 0; round < 4; round++) await settle(t);
    const [removal] = await alice.query(api.workspaces.removals, {});
    expect(removal).toMatchObject({ name: "old", finishedAt: expect.any(Number) as number });
    expect(removal?.removedRows).toBeGreaterThan(0);
  });

  test("closes every way into it before its rows are gone", async () => {
    const { workspaceId } = await alice.mutation(api.workspaces.create, { name: "old" });
    await addMachine(alice);
    const token = "i".repeat(32);
    await alice.mutation(api.invites.create, { token, role: "admin" });
    const key = `rck_${"k".repeat(32)}`;
    await alice.mutation(api.apiKeys.create, { key, name: "script", access: "read" });
    const page = { slug: "acme", title: "Acme" };
    const { statusPageId } = await alice.mutation(api.statusPages.create, page);
    await alice.mutation(api.statusPages.update, { statusPageId, isPublished: true });
    await alice.mutation(api.workspaces.remove, { workspaceId, confirmName: "old" });
    const bob = await enterAs(t, "signUp", { name: "bob", ...bobs });
    await expect(bob.mutation(api.invites.accept, { token })).rejects.toMatchObject({
      data: { kind: "notFound" },
    });
    const headers = { Authorization: `Bearer ${key}` };
    expect((await t.fetch("/api/v1/machines", { headers })).status).toBe(401);
    expect(await t.query(api.publicStatus.get, { slug: "acme", until: Date.now() })).toBeNull();
  });

  test("needs its name as a confirmation", async () => {
    const remove = alice.mutation(api.workspaces.remove, { confirmName: "alices" });
    await expect(remove).rejects.toMatchObject({ data: { kind: "invalid", field: "confirmName" } });
  });

  test("knows every table with rows of workspaces", () => {
    const elsewhere = ["machines", "members", "statuses", "statusChanges", "versionChanges"];
    const known = [...workspaceTables, ...elsewhere, "removals"];
    const tables = Object.entries(schema.tables)
      .filter(([, { validator }]) => "workspaceId" in validator.fields)
      .map(([table]) => table);
    expect(tables.sort()).toEqual(known.sort());
  });
});
