import { pbkdf2Sync } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  enter as signInWith,
  hashCheaply,
  JWT_PRIVATE_KEY,
  PASSWORD,
  subjectOf,
} from "./passwords.ts";
import { SITE_URL, startBackend, type Backend } from "./setup.ts";

let t: Backend;

beforeEach(() => {
  t = startBackend();
  vi.stubEnv("JWT_PRIVATE_KEY", JWT_PRIVATE_KEY);
  vi.stubEnv("ROLLCALL_SIGNUPS", undefined);
  hashCheaply();
});

const enter = async (flow: string, params: Record<string, string> = {}) =>
  await signInWith(t, flow, params);

describe("the first account", () => {
  test("owns the installation and a workspace of its own", async () => {
    expect(await t.query(api.installation.status, {})).toEqual({
      hasOwner: false,
      signUpsOpen: true,
      signUps: "invite",
      canSendMail: false,
      providers: [],
      isDemo: false,
      siteUrl: SITE_URL,
    });
    const { tokens } = await enter("signUp", { email: " Alice@Example.com ", name: "Alice" });
    const alice = t.withIdentity({ subject: subjectOf(tokens?.token) });
    expect(await alice.query(api.users.me, {})).toMatchObject({
      email: "alice@example.com",
      name: "Alice",
      workspace: { role: "owner" },
    });
    expect(await t.query(api.installation.status, {})).toMatchObject({
      hasOwner: true,
      signUpsOpen: false,
      isDemo: false,
    });
  });

  test("signs in again with its password, whatever the case of its address", async () => {
    await enter("signUp");
    const { tokens } = await enter("signIn", { email: "ALICE@example.com" });
    expect(tokens?.token).toEqual(expect.any(String));
  });

  test("keeps its password as a salted PBKDF2 hash of 600,000 rounds", async () => {
    vi.mocked(crypto.subtle.deriveBits).mockRestore();
    await enter("signUp");
    const [account] = await t.run(async (ctx) => await ctx.db.query("authAccounts").take(2));
    const [scheme, rounds, salt = "", hash] = account?.secret?.split("$") ?? [];
    expect([scheme, rounds, salt.length]).toEqual(["pbkdf2-sha256", "600000", 32]);
    const expected = pbkdf2Sync(PASSWORD, Buffer.from(salt, "hex"), 600_000, 32, "sha256");
    expect(hash).toBe(expected.toString("hex"));
  }, 20_000);
});

describe("further sign-ups", () => {
  test("are refused, whatever the address", async () => {
    await enter("signUp");
    const closed = { data: { kind: "signUpsClosed" } };
    await expect(enter("signUp", { email: "bob@example.com" })).rejects.toMatchObject(closed);
    await expect(enter("signUp")).rejects.toMatchObject(closed);
  });

  test("are taken when the installation is open, each with its own workspace", async () => {
    vi.stubEnv("ROLLCALL_SIGNUPS", "open");
    const alice = subjectOf((await enter("signUp")).tokens?.token);
    const bob = subjectOf((await enter("signUp", { email: "bob@example.com" })).tokens?.token);
    const workspaces = await Promise.all(
      [alice, bob].map(
        async (subject) =>
          (await t.withIdentity({ subject }).query(api.users.me, {}))?.workspace.workspaceId,
      ),
    );
    expect(new Set(workspaces).size).toBe(2);
  });

  test("with an address that is taken are refused", async () => {
    vi.stubEnv("ROLLCALL_SIGNUPS", "open");
    await enter("signUp");
    await expect(enter("signUp", { password: "another password" })).rejects.toMatchObject({
      data: { kind: "invalid", field: "email" },
    });
  });
});

describe("signing up with an invite", () => {
  const invite = "i".repeat(32);

  test.each([undefined, "invite", "open"])("works while sign-ups are %s", async (signUps) => {
    const { tokens } = await enter("signUp");
    vi.stubEnv("ROLLCALL_SIGNUPS", signUps);
    const alice = t.withIdentity({ subject: subjectOf(tokens?.token) });
    await alice.mutation(api.invites.create, { token: invite, role: "viewer" });
    const bobs = await enter("signUp", { email: "bob@example.com", name: "Bob", invite });
    const bob = t.withIdentity({ subject: subjectOf(bobs.tokens?.token) });
    expect(await bob.query(api.users.me, {})).toMatchObject({ workspace: { role: "viewer" } });
    expect(await bob.query(api.workspaces.list, {})).toMatchObject([
      { name: "Bob", role: "owner" },
      { role: "viewer", isCurrent: true },
    ]);
  });

  test("works once", async () => {
    const { tokens } = await enter("signUp");
    const alice = t.withIdentity({ subject: subjectOf(tokens?.token) });
    await alice.mutation(api.invites.create, { token: invite, role: "viewer" });
    await enter("signUp", { email: "bob@example.com", invite });
    const again = enter("signUp", { email: "carol@example.com", invite });
    await expect(again).rejects.toMatchObject({ data: { kind: "signUpsClosed" } });
  });

  test.each(["closed", "nonsense"])("is refused where sign-ups are %s", async (signUps) => {
    const { tokens } = await enter("signUp");
    vi.stubEnv("ROLLCALL_SIGNUPS", signUps);
    const alice = t.withIdentity({ subject: subjectOf(tokens?.token) });
    await alice.mutation(api.invites.create, { token: invite, role: "viewer" });
    const bobs = enter("signUp", { email: "bob@example.com", invite });
    await expect(bobs).rejects.toMatchObject({ data: { kind: "signUpsClosed" } });
  });

  test("that never was is refused", async () => {
    await enter("signUp");
    await expect(enter("signUp", { email: "bob@example.com", invite })).rejects.toMatchObject({
      data: { kind: "signUpsClosed" },
    });
  });
});

describe("signing in", () => {
  test("answers the same to an unknown address and to a wrong password", async () => {
    await enter("signUp");
    const wrong = await enter("signIn", { password: "wrong" }).catch((error: unknown) => error);
    const unknown = await enter("signIn", { email: "bob@example.com" }).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({ data: { kind: "badCredentials" } });
    expect((unknown as { data: unknown }).data).toEqual((wrong as { data: unknown }).data);
  });

  test("is throttled by address", async () => {
    const attempts = [];
    for (let index = 0; index < 11; index++) {
      attempts.push(await enter("signIn").catch((error: { data: unknown }) => error.data));
    }
    expect(attempts.slice(0, 10)).toMatchObject(Array(10).fill({ kind: "badCredentials" }));
    expect(attempts[10]).toMatchObject({ kind: "rateLimited" });
  });

  test.each([
    ["email", { email: "nobody" }],
    ["email", { email: `${"a".repeat(300)}@example.com` }],
    ["password", { password: "short" }],
    ["password", { password: "p".repeat(1_001) }],
    ["name", { name: "\u0000" }],
    ["flow", { flow: "reset" }],
  ])("up with a wrong %s says which field it was", async (field, params) => {
    await expect(enter("signUp", params)).rejects.toMatchObject({
      data: { kind: "invalid", field },
    });
  });
});

test("a session whose user is gone is nobody", async () => {
  const { tokens } = await enter("signUp");
  const alice = t.withIdentity({ subject: subjectOf(tokens?.token) });
  await t.run(async (ctx) => {
    for (const user of await ctx.db.query("users").take(1)) await ctx.db.delete(user._id);
  });
  expect(await alice.query(api.users.me, {})).toBeNull();
  await expect(alice.query(api.machines.list, {})).rejects.toMatchObject({
    data: { kind: "notSignedIn" },
  });
});
