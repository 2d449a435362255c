import { describe, expect, test } from "vitest";
import { type AuthProvider, type UserIdentity } from "../../backend/runtime/engine.ts";
import { FakeEngine } from "./support/fakeEngine.ts";
import { SITE_ORIGIN, startServers } from "./support/testServers.ts";
import { createIssuer, type Issuer, jwksUri } from "./support/tokens.ts";

const ISSUER = "https://issuer.test";
const json = (value: unknown) => new Response(JSON.stringify(value));

/** A network in which one OpenID provider answers, counting what it is asked. */
function network(keys: () => Issuer[], issuer = ISSUER) {
  const asked: string[] = [];
  const fetch = async (input: unknown) => {
    const url = String(input);
    asked.push(url);
    if (url === `${issuer}/.well-known/openid-configuration`) {
      return json({ issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` });
    }
    if (url === `${issuer}/keys`) return json({ keys: keys().map(({ jwk }) => jwk) });
    return new Response("nothing here", { status: 404 });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

async function start(providers: AuthProvider[], options: Parameters<typeof startServers>[0] = {}) {
  const engine = new FakeEngine().query("whoAmI", ({ caller }) => caller.identity as never);
  engine.providers = providers;
  const servers = await startServers({ engine, ...options });
  const whoAmI = async (token: string) => {
    const response = await fetch(`${servers.url}/api/query`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: '{"path":"whoAmI","args":{}}',
    });
    const answer = (await response.json()) as { value?: UserIdentity; code?: string };
    return { status: response.status, identity: answer.value, code: answer.code };
  };
  return { ...servers, engine, whoAmI };
}

const oidc: AuthProvider = { domain: ISSUER, applicationID: "convex" };
const custom = (rest: Partial<AuthProvider> & { jwks: string }): AuthProvider => ({
  type: "customJwt",
  issuer: ISSUER,
  algorithm: "RS256",
  applicationID: "convex",
  ...(rest as object),
  jwks: rest.jwks,
});

describe("OpenID providers", () => {
  for (const algorithm of ["RS256", "EdDSA"] as const) {
    test(`${algorithm} tokens are verified with keys that are discovered once`, async () => {
      const issuer = await createIssuer({ issuer: ISSUER, algorithm, keyId: "one" });
      const { asked, fetch } = network(() => [issuer]);
      const { whoAmI } = await start([oidc], { fetch });
      for (const sub of ["alice", "bob"]) {
        const { identity } = await whoAmI(await issuer.sign({ sub }));
        expect(identity).toEqual({
          subject: sub,
          issuer: ISSUER,
          tokenIdentifier: `${ISSUER}|${sub}`,
        });
      }
      expect(asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`]);
    });
  }

  test("the slash at the end of an issuer, and a missing scheme, do not matter", async () => {
    const issuer = await createIssuer({ issuer: `${ISSUER}/` });
    const { fetch } = network(() => [issuer]);
    for (const domain of [ISSUER, `${ISSUER}/`, "issuer.test"]) {
      const { whoAmI } = await start([{ domain, applicationID: "convex" }], { fetch });
      expect((await whoAmI(await issuer.sign())).identity).toMatchObject({ issuer: `${ISSUER}/` });
    }
  });

  test("ES256 and unsigned tokens are refused", async () => {
    const issuer = await createIssuer({ issuer: ISSUER, algorithm: "ES256" });
    const { fetch } = network(() => [issuer]);
    const { whoAmI } = await start([oidc], { fetch });
    expect(await whoAmI(await issuer.sign())).toMatchObject({
      status: 401,
      code: "NoAuthProvider",
    });
    const [, payload] = (await issuer.sign()).split(".");
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    expect(await whoAmI(`${header}.${payload}.`)).toMatchObject({ status: 401 });
  });

  test("a new key is found when a token names it, and made-up ones are not asked for each time", async () => {
    const keys = [await createIssuer({ issuer: ISSUER, keyId: "one" })];
    const { asked, fetch } = network(() => keys);
    let lateMs = 0;
    const { whoAmI } = await start([oidc], { fetch, now: () => Date.now() + lateMs });
    await whoAmI(await keys[0]!.sign());
    const rotated = await createIssuer({ issuer: ISSUER, keyId: "two" });
    keys.push(rotated);
    expect(await whoAmI(await rotated.sign())).toMatchObject({ status: 401 });
    expect(asked).toHaveLength(2);
    lateMs = 11_000;
    expect(await whoAmI(await rotated.sign())).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(4);
  });

  test("keys do not grow older than an hour when the clock is set back", async () => {
    const keys = [await createIssuer({ issuer: ISSUER, keyId: "one" })];
    const { asked, fetch } = network(() => keys);
    let lateMs = 0;
    const { whoAmI } = await start([oidc], { fetch, now: () => Date.now() + lateMs });
    await whoAmI(await keys[0]!.sign());
    expect(asked).toHaveLength(2);
    lateMs = -60_000;
    await whoAmI(await keys[0]!.sign({ subject: "bob" }));
    expect(asked).toHaveLength(4);
  });

  test("a token is not good for longer because it was good before its key was withdrawn", async () => {
    const keys = [await createIssuer({ issuer: ISSUER, keyId: "one" })];
    const { fetch } = network(() => keys);
    let lateMs = 0;
    const { whoAmI } = await start([oidc], { fetch, now: () => Date.now() + lateMs });
    const token = await keys[0]!.sign({}, { expiresInSeconds: 24 * 3600 });
    expect(await whoAmI(token)).toMatchObject({ status: 200 });
    keys[0] = await createIssuer({ issuer: ISSUER, keyId: "two" });
    lateMs = 2 * 3_600_000;
    expect(await whoAmI(token)).toMatchObject({ status: 401 });
  });

  test("a token that is looked at while its provider is removed is not remembered", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { fetch } = network(() => [issuer]);
    const slowFetch: typeof globalThis.fetch = async (...request) => {
      reached.resolve();
      await goOn.promise;
      return fetch(...request);
    };
    const { whoAmI, engine } = await start([oidc], { fetch: slowFetch });
    const token = await issuer.sign();
    const first = whoAmI(token);
    await reached.promise;
    engine.providers = [];
    engine.deploymentChanged();
    goOn.resolve();
    await first;
    expect(await whoAmI(token)).toMatchObject({ status: 401, code: "NoAuthProvider" });
  });

  test("keys are fetched again after a deployment change", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const { asked, fetch } = network(() => [issuer]);
    const { whoAmI, engine } = await start([oidc], { fetch });
    const token = await issuer.sign();
    expect(await whoAmI(token)).toMatchObject({ status: 200 });
    engine.providers = [];
    expect(await whoAmI(token)).toMatchObject({ status: 200 });
    engine.deploymentChanged();
    expect(await whoAmI(token)).toMatchObject({ status: 401, code: "NoAuthProvider" });
    engine.providers = [oidc];
    engine.deploymentChanged();
    expect(await whoAmI(token)).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(4);
  });

  test("a provider that cannot be reached is our failure, not the token's", async () => {
    const issuer = await createIssuer({ issuer: "https://gone.test" });
    const { fetch } = network(() => []);
    const provider = { domain: "https://gone.test", applicationID: "convex" };
    const { whoAmI, logged } = await start([provider], { fetch });
    expect(await whoAmI(await issuer.sign())).toMatchObject({ status: 500 });
    expect(logged.join()).toContain("gone.test");
  });
});

describe("the deployment as its own issuer", () => {
  test("its documents are asked of its own HTTP actions, not of the network", async () => {
    const issuer = await createIssuer({ issuer: SITE_ORIGIN });
    const provider = { domain: SITE_ORIGIN, applicationID: "convex" };
    const { whoAmI, engine } = await start([provider], {
      fetch: () => Promise.reject(new Error("no network")),
    });
    const documents: Record<string, unknown> = {
      [`${SITE_ORIGIN}/.well-known/openid-configuration`]: {
        issuer: SITE_ORIGIN,
        jwks_uri: `${SITE_ORIGIN}/.well-known/jwks.json`,
        authorization_endpoint: `${SITE_ORIGIN}/oauth/authorize`,
      },
      [`${SITE_ORIGIN}/.well-known/jwks.json`]: { keys: [issuer.jwk] },
    };
    engine.httpHandler = ({ url }) => ({
      status: url in documents ? 200 : 404,
      headers: [],
      body: Buffer.from(JSON.stringify(documents[url])),
    });
    const token = await issuer.sign({ sub: "user|session" });
    expect(token.split(".")[0]).not.toContain("kid");
    const { identity } = await whoAmI(token);
    expect(identity).toMatchObject({ subject: "user|session", issuer: SITE_ORIGIN });
    expect(engine.httpRequests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Object.keys(documents).map((url) => `GET ${url}`),
    );
  });
});

describe("custom JWT providers", () => {
  for (const algorithm of ["RS256", "ES256"] as const) {
    test(`${algorithm} with keys in a data URI`, async () => {
      const issuer = await createIssuer({ issuer: ISSUER, algorithm, keyId: "one" });
      const { whoAmI } = await start([custom({ jwks: jwksUri(issuer), algorithm })]);
      expect(await whoAmI(await issuer.sign())).toMatchObject({ status: 200 });
    });
  }

  test("a data URI may be written out", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const jwks = `data:text/plain;charset=utf-8,${encodeURIComponent(JSON.stringify({ keys: [issuer.jwk] }))}`;
    const { whoAmI } = await start([custom({ jwks })]);
    expect(await whoAmI(await issuer.sign())).toMatchObject({ status: 200 });
  });

  test("without an application id the audience does not matter", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const jwks = jwksUri(issuer);
    const { whoAmI } = await start([custom({ jwks, applicationID: null })]);
    expect(await whoAmI(await issuer.sign({}, { audience: null }))).toMatchObject({ status: 200 });
    expect(await whoAmI(await issuer.sign({}, { audience: "x" }))).toMatchObject({ status: 200 });
    const strict = await start([custom({ jwks })]);
    expect(await strict.whoAmI(await issuer.sign({}, { audience: "x" }))).toMatchObject({
      status: 401,
    });
  });

  test("the key is chosen by its id, or found by trying if the token has none", async () => {
    const one = await createIssuer({ issuer: ISSUER, keyId: "one" });
    const two = await createIssuer({ issuer: ISSUER, keyId: "two" });
    const nameless = await createIssuer({ issuer: ISSUER });
    const { whoAmI } = await start([custom({ jwks: jwksUri(one, two, nameless) })]);
    for (const issuer of [one, two, nameless]) {
      expect(await whoAmI(await issuer.sign())).toMatchObject({ status: 200 });
    }
  });

  test("claims arrive under Convex's names, nested ones flattened, those of the token left out", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const { whoAmI } = await start([custom({ jwks: jwksUri(issuer) })]);
    const { identity } = await whoAmI(
      await issuer.sign({
        given_name: "Alice",
        email: "alice@example.test",
        email_verified: true,
        picture: "https://example.test/a.png",
        updated_at: 1_700_000_000,
        properties: { id: 7, deep: { color: "red" } },
        roles: ["admin"],
        jti: "unique",
      }),
    );
    expect(identity).toEqual({
      subject: "alice",
      issuer: ISSUER,
      tokenIdentifier: `${ISSUER}|alice`,
      givenName: "Alice",
      email: "alice@example.test",
      emailVerified: true,
      pictureUrl: "https://example.test/a.png",
      updatedAt: "2023-11-14T22:13:20.000Z",
      "properties.id": 7,
      "properties.deep.color": "red",
      roles: ["admin"],
    });
  });

  test("5 seconds of leeway, no more", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const { whoAmI } = await start([custom({ jwks: jwksUri(issuer) })]);
    const late = await whoAmI(await issuer.sign({}, { expiresInSeconds: -3 }));
    expect(late).toMatchObject({ status: 200 });
    const tooLate = await whoAmI(await issuer.sign({}, { expiresInSeconds: -8 }));
    expect(tooLate).toMatchObject({ status: 401, code: "IdTokenExpired" });
    const notYet = await issuer.sign({ nbf: Math.floor(Date.now() / 1000) + 60 });
    expect(await whoAmI(notYet)).toMatchObject({ status: 401, code: "InvalidAuthHeader" });
  });

  test("a token without a subject or an end is refused", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const { whoAmI } = await start([custom({ jwks: jwksUri(issuer) })]);
    expect(await whoAmI(await issuer.sign({ sub: undefined }))).toMatchObject({ status: 401 });
  });

  test("an altered token is refused, also after the true one was accepted", async () => {
    const issuer = await createIssuer({ issuer: ISSUER });
    const { whoAmI } = await start([custom({ jwks: jwksUri(issuer) })]);
    const token = await issuer.sign();
    expect(await whoAmI(token)).toMatchObject({ status: 200 });
    const [header, payload, signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: "bob" })).toString("base64url");
    expect(await whoAmI(`${header}.${forged}.${signature}`)).toMatchObject({ status: 401 });
  });
});
