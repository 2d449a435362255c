import { generateKeyPairSync, pbkdf2Sync } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { SITE_URL, startBackend, type Backend } from "./setup.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const PASSWORD = "correct horse battery";

let t: Backend;

beforeEach(() => {
  t = startBackend();
  vi.stubEnv("JWT_PRIVATE_KEY", privateKey);
  vi.stubEnv("ROLLCALL_SIGNUPS", undefined);
  hashCheaply();
});

/** One round instead of 600,000: only one test needs the real thing. */
function hashCheaply(): void {
  const { subtle } = crypto;
  const derive = subtle.deriveBits.bind(subtle);
  vi.spyOn(subtle, "deriveBits").mockImplementation(async (algorithm, key, length) => {
    const cheap = { ...(algorithm as Pbkdf2Params), iterations: 1 };
    return await derive(cheap, key, length);
  });
}

async function enter(flow: string, params: Record<string, string> = {}) {
  return await t.action(api.auth.signIn, {
    provider: "password",
    params: { flow, email: "alice@example.com", password: PASSWORD, ...params },
  });
}

function subjectOf(token: string | undefined): string {
  const payload = JSON.parse(atob(token?.split(".")[1] ?? "")) as { sub: string };
  return payload.sub;
}

describe("the first account", () => {
  test("owns the installation and a workspace of its own", async () => {
    expect(await t.query(api.installation.status, {})).toEqual({
      hasOwner: false,
      signUpsOpen: true,
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
