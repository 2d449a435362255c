/** Signing in with somebody else's word for it: an imitation of an OpenID Connect provider on 127.0.0.1, and of GitHub. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { CLIENT, type OidcProvider, startOidcProvider } from "../support/oidcProvider.ts";
import { JWT_PRIVATE_KEY, subjectOf } from "./passwords.ts";
import { SITE_URL, startBackend, type Backend } from "./setup.ts";

const carol = { sub: "carol-1", name: "Carol", email: "Carol@example.com", email_verified: true };
let provider: OidcProvider;
let t: Backend;

beforeAll(async () => {
  provider = await startOidcProvider(carol);
});
afterAll(() => {
  provider.close();
});
beforeEach(() => {
  t = startBackend();
  vi.unstubAllGlobals();
  for (const [name, value] of Object.entries({
    JWT_PRIVATE_KEY,
    SITE_URL,
    AUTH_OIDC_ISSUER: provider.issuer,
    AUTH_OIDC_ID: CLIENT.id,
    AUTH_OIDC_SECRET: CLIENT.secret,
    AUTH_GITHUB_ID: "github-id",
    AUTH_GITHUB_SECRET: "github-secret",
  })) {
    vi.stubEnv(name, value);
  }
  // Which providers there are is read when the module is loaded.
  vi.resetModules();
});

/** As a browser: from the button to the provider's page, with the cookies that were set on the way. */
async function setOut(id: "oidc" | "github") {
  const begun = await t.action(api.auth.signIn, {
    provider: id,
    params: { redirectTo: `/sign-in?via=${id}` },
  });
  const { redirect = "", verifier = "" } = begun as { redirect?: string; verifier?: string };
  const { pathname, search } = new URL(redirect);
  const response = await t.fetch(pathname + search);
  const cookie = response.headers
    .getSetCookie()
    .map((text) => text.split(";")[0])
    .join("; ");
  return { to: new URL(response.headers.get("location") ?? ""), cookie, verifier };
}

/** Back from the provider, with what it answered. Where the page is then; a code is in it where all went well. */
async function comeBack(url: URL, cookie: string): Promise<URL> {
  const response = await t.fetch(url.pathname + url.search, { headers: { cookie } });
  return new URL(response.headers.get("location") ?? "", SITE_URL);
}

async function whoIs(page: URL, verifier: string) {
  const code = page.searchParams.get("code") ?? "";
  const { tokens } = await t.action(api.auth.signIn, { params: { code }, verifier });
  const person = t.withIdentity({ subject: subjectOf(tokens?.token) });
  return await person.query(api.users.me, {});
}

async function atProvider(to: URL): Promise<URL> {
  const response = await fetch(to, { redirect: "manual" });
  return new URL(response.headers.get("location") ?? "");
}

test("OpenID Connect: somebody comes in whose address the provider vouches for, the same one each time", async () => {
  const first = await setOut("oidc");
  expect(Object.fromEntries(first.to.searchParams)).toMatchObject({
    response_type: "code",
    client_id: CLIENT.id,
    redirect_uri: `${SITE_URL}/api/auth/callback/oidc`,
    code_challenge_method: "S256",
    state: expect.stringMatching(/^.{32}/) as string,
  });
  // The provider checks the client's secret, and the verifier against the challenge.
  const me = await whoIs(await comeBack(await atProvider(first.to), first.cookie), first.verifier);
  expect(me).toMatchObject({ name: "Carol", email: "carol@example.com" });
  expect(provider.answered).toEqual([200]);

  const again = await setOut("oidc");
  const page = await comeBack(await atProvider(again.to), again.cookie);
  expect(await whoIs(page, again.verifier)).toEqual(me);
});

test("OpenID Connect: another's code, another's state and a code that was used are worth nothing", async () => {
  const { to, cookie } = await setOut("oidc");
  const back = await atProvider(to);
  const asked = provider.answered.length;
  const foreign = new URL(back);
  foreign.searchParams.set("state", "x".repeat(43));
  for (const [url, cookies] of [
    [back, ""],
    [foreign, cookie],
  ] as const) {
    expect((await comeBack(url, cookies)).searchParams.has("code")).toBe(false);
  }
  expect(provider.answered.length).toBe(asked);
  expect((await comeBack(back, cookie)).searchParams.has("code")).toBe(true);
  expect((await comeBack(back, cookie)).searchParams.has("code")).toBe(false);
});

test("GitHub: the primary address counts, where it is verified; with none there is no way in", async () => {
  let emails = [
    { email: "old@example.com", primary: false, verified: true },
    { email: "dave@example.com", primary: true, verified: true },
  ];
  const answers: Record<string, () => unknown> = {
    "https://github.com/login/oauth/access_token": () => ({
      access_token: "gho_imitation",
      token_type: "bearer",
    }),
    "https://api.github.com/user": () => ({ id: 7, login: "dave", name: null }),
    "https://api.github.com/user/emails": () => emails,
  };
  vi.stubGlobal("fetch", async (input: string | URL | Request) => {
    const url = input instanceof Request ? input.url : input.toString();
    const answer = answers[url];
    if (answer === undefined) throw new Error(`nobody is at ${url}`);
    return Response.json(answer());
  });
  const enter = async () => {
    const { to, cookie, verifier } = await setOut("github");
    expect(to.origin + to.pathname).toBe("https://github.com/login/oauth/authorize");
    const back = new URL(`${SITE_URL}/api/auth/callback/github?code=imitation`);
    back.searchParams.set("state", to.searchParams.get("state") ?? "");
    return { page: await comeBack(back, cookie), verifier };
  };
  const { page, verifier } = await enter();
  expect(await whoIs(page, verifier)).toMatchObject({ name: "dave", email: "dave@example.com" });
  emails = [{ email: "dave@example.com", primary: true, verified: false }];
  expect((await enter()).page.searchParams.has("code")).toBe(false);
});
