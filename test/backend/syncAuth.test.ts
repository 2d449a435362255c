import { ConvexClient } from "convex/browser";
import { type Value } from "convex/values";
import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { type FakeEngine } from "./support/fakeEngine.ts";
import { counterApp, counterRefs } from "./support/counterApp.ts";
import { RawSyncClient } from "./support/rawSyncClient.ts";
import { ADMIN_KEY, closeLater, startServers } from "./support/testServers.ts";
import { createIssuer, type Issuer, jwksUri } from "./support/tokens.ts";

const ISSUER = "https://issuer.test";
const LEEWAY_SECONDS = 5;

async function start(): Promise<{ engine: FakeEngine; issuer: Issuer }> {
  const issuer = await createIssuer({ issuer: ISSUER, algorithm: "ES256", keyId: "one" });
  const engine = counterApp();
  engine.providers = [
    {
      type: "customJwt",
      issuer: ISSUER,
      jwks: jwksUri(issuer),
      algorithm: "ES256",
      applicationID: "convex",
    },
  ];
  return { engine, issuer };
}

const authenticate = (value: string, baseVersion = 0) => ({
  type: "Authenticate",
  tokenType: "User",
  value,
  baseVersion,
});

describe("identities of sockets", () => {
  test("a good token advances the identity version and runs the queries as that user", async () => {
    const { engine, issuer } = await start();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:whoAmI" });
    expect((await client.next("Transition"))["modifications"]).toMatchObject([{ value: null }]);
    client.say(authenticate(await issuer.sign()));
    const transition = await client.next("Transition");
    expect(transition["startVersion"]).toMatchObject({ querySet: 1, identity: 0 });
    expect(transition["endVersion"]).toMatchObject({ querySet: 1, identity: 1 });
    expect(transition["modifications"]).toMatchObject([{ value: "alice" }]);
    expect(engine.watches.size).toBe(1);
    client.say({ type: "Authenticate", tokenType: "None", baseVersion: 1 });
    const after = await client.next("Transition");
    expect(after["endVersion"]).toMatchObject({ identity: 2 });
    expect(after["modifications"]).toMatchObject([{ value: null }]);
  });

  test("a refreshed token of the same user runs nothing again", async () => {
    const { engine, issuer } = await start();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.say(authenticate(await issuer.sign()));
    client.add(0, { queryId: 0, udfPath: "counters:whoAmI" });
    await client.next("Transition");
    const executions = engine.executions.get("counters:whoAmI");
    client.say(authenticate(await issuer.sign({}, { expiresInSeconds: 7200 }), 1));
    const transition = await client.next("Transition");
    expect(transition["endVersion"]).toMatchObject({ identity: 2 });
    expect(transition["modifications"]).toEqual([]);
    expect(engine.executions.get("counters:whoAmI")).toBe(executions);
  });

  test("what follows a token waits until it is verified", async () => {
    const { engine, issuer } = await start();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.say(authenticate(await issuer.sign()));
    client.mutate(0, "counters:add");
    await client.next("MutationResponse");
    expect(engine.runs[0]?.caller.identity).toMatchObject({
      subject: "alice",
      issuer: ISSUER,
      tokenIdentifier: `${ISSUER}|alice`,
    });
  });

  test("users do not share results", async () => {
    const { engine, issuer } = await start();
    const { port } = await startServers({ engine });
    for (const sub of ["alice", "bob"]) {
      const client = await RawSyncClient.open(port);
      client.say(authenticate(await issuer.sign({ sub })));
      client.add(0, { queryId: 0, udfPath: "counters:whoAmI" });
      expect((await client.next("Transition"))["modifications"]).toMatchObject([{ value: sub }]);
    }
    expect(engine.watches.size).toBe(2);
  });

  const refused: { name: string; token: (issuer: Issuer) => Promise<string>; error: RegExp }[] = [
    { name: "that is none", token: async () => "nonsense", error: /Could not parse/ },
    {
      name: "of another issuer",
      token: (issuer) => issuer.sign({}, { issuer: "https://elsewhere.test" }),
      error: /No auth provider found/,
    },
    {
      name: "for another audience",
      token: (issuer) => issuer.sign({}, { audience: "someone" }),
      error: /No auth provider found/,
    },
    {
      name: "that has expired",
      token: (issuer) => issuer.sign({}, { expiresInSeconds: -60 }),
      error: /expired/,
    },
    {
      name: "signed with another key",
      token: async () =>
        (await createIssuer({ issuer: ISSUER, algorithm: "ES256", keyId: "one" })).sign(),
      error: /no key of https:\/\/issuer.test fits/,
    },
  ];
  for (const { name, token, error } of refused) {
    test(`a token ${name} gets an AuthError and a closed socket`, async () => {
      const { engine, issuer } = await start();
      const { port } = await startServers({ engine });
      const client = await RawSyncClient.open(port);
      client.say(authenticate(await token(issuer)));
      client.mutate(0, "counters:add");
      const message = await client.next("AuthError");
      expect(message).toMatchObject({ baseVersion: 0, authUpdateAttempted: true });
      expect(message["error"]).toMatch(error);
      await client.closed;
      expect(engine.runs).toEqual([]);
    });
  }

  test("an identity that expires ends the socket with an AuthError that was not attempted", async () => {
    const { engine, issuer } = await start();
    let lateMs = 0;
    const { port } = await startServers({ engine, now: () => Date.now() + lateMs });
    const client = await RawSyncClient.open(port);
    client.say(authenticate(await issuer.sign({}, { expiresInSeconds: 60 })));
    client.add(0, { queryId: 0, udfPath: "counters:whoAmI" });
    await client.next("Transition");
    lateMs = 66_000;
    client.mutate(0, "counters:add");
    expect(await client.next("AuthError")).toEqual({
      type: "AuthError",
      error: "Token expired",
      baseVersion: 0,
      authUpdateAttempted: false,
    });
    await client.closed;
    expect(engine.runs).toEqual([]);
  });

  test("an identity expires without the client saying anything", async () => {
    const { engine, issuer } = await start();
    const token = await issuer.sign();
    const expiresAt = ((decodeJwt(token).exp ?? 0) + LEEWAY_SECONDS) * 1000;
    let now = expiresAt - 20;
    const { port } = await startServers({ engine, now: () => now });
    const client = await RawSyncClient.open(port);
    client.say(authenticate(token));
    await client.next("Transition");
    now = expiresAt;
    expect(await client.next("AuthError")).toMatchObject({ authUpdateAttempted: false });
    await client.closed;
  });

  test("keys that cannot be fetched are no verdict: the client is to try again", async () => {
    const { engine, issuer } = await start();
    engine.providers = [{ domain: ISSUER, applicationID: "convex" }];
    const { port } = await startServers({
      engine,
      fetch: () => Promise.reject(new Error("no network")),
    });
    const rsa = await createIssuer({ issuer: ISSUER });
    const client = await RawSyncClient.open(port);
    client.say(authenticate(await rsa.sign()));
    expect(await client.closed).toEqual({ code: 1011, reason: "InternalServerError" });
    expect(client.heard).toEqual([]);
    expect(issuer.algorithm).toBe("ES256");
  });

  test("the admin key opens the door, a wrong one does not", async () => {
    const { engine } = await start();
    const { port } = await startServers({ engine });
    const say = (client: RawSyncClient, value: string, impersonating?: unknown) =>
      client.say({
        type: "Authenticate",
        tokenType: "Admin",
        value,
        baseVersion: 0,
        impersonating,
      });
    const admin = await RawSyncClient.open(port);
    say(admin, ADMIN_KEY, { subject: "bob", issuer: ISSUER });
    admin.mutate(0, "counters:add");
    await admin.next("MutationResponse");
    expect(engine.runs[0]?.caller).toEqual({
      kind: "admin",
      identity: { subject: "bob", issuer: ISSUER, tokenIdentifier: `${ISSUER}|bob` },
    });
    const stranger = await RawSyncClient.open(port);
    say(stranger, `${ADMIN_KEY}0`);
    expect(await stranger.next("AuthError")).toMatchObject({ authUpdateAttempted: true });
  });
});

describe("ConvexClient with setAuth", () => {
  async function open(engine: FakeEngine, fetchToken: () => Promise<string | null>) {
    const { url, port } = await startServers({ engine });
    const client = new ConvexClient(url, { logger: false });
    closeLater(() => client.close());
    const states: boolean[] = [];
    client.setAuth(fetchToken, (isAuthenticated) => states.push(isAuthenticated));
    const names: Value[] = [];
    client.onUpdate(counterRefs.query("whoAmI"), {}, (name) => names.push(name));
    return { client, states, names, port };
  }

  test("is told that it is authenticated and sees its own results", async () => {
    const { engine, issuer } = await start();
    const { states, names } = await open(engine, () => issuer.sign());
    await expect.poll(() => states[0]).toBe(true);
    expect(states).not.toContain(false);
    await expect.poll(() => names.at(-1)).toBe("alice");
  });

  test("is told that it is not when its tokens are refused, and goes on without", async () => {
    const { engine } = await start();
    const other = await createIssuer({ issuer: ISSUER, algorithm: "ES256", keyId: "one" });
    const { states, names, client } = await open(engine, () => other.sign());
    await expect.poll(() => states, { timeout: 15_000 }).toEqual([false]);
    await expect.poll(() => names, { timeout: 15_000 }).toEqual([null]);
    expect(await client.mutation(counterRefs.mutation("add"), {})).toBe(1);
  });

  test("gets a fresh token when its own expires, without losing the session", async () => {
    const { engine, issuer } = await start();
    let count = 0;
    const { states, names, client } = await open(engine, () =>
      issuer.sign({ n: count++ }, { expiresInSeconds: count === 2 ? -3 : 3600 }),
    );
    await expect.poll(() => count, { timeout: 15_000 }).toBeGreaterThan(2);
    await expect.poll(() => names.at(-1)).toBe("alice");
    expect(await client.mutation(counterRefs.mutation("add"), {})).toBe(1);
    expect(states).not.toContain(false);
  });
});
