/** What Convex Auth needs to know of the configured sign-in providers: how each tells who somebody is. */
import type { OAuth2Config, OIDCConfig } from "@auth/core/providers";
import { fail } from "./fail.ts";
import { configuredProviders, type SignInProvider } from "./signInProviders.ts";

/** What reaches createOrUpdateUser. Only an address that the provider vouches for: it decides whose invite this is. */
interface Profile {
  id: string;
  name: string;
  email: string;
}

interface OidcClaims {
  sub: string;
  name?: string;
  preferred_username?: string;
  email?: string;
  email_verified?: boolean | string;
}

interface GithubUser {
  id: number;
  login: string;
  name: string | null;
  /** Added by us: the primary address, where GitHub has verified it. */
  email?: string;
}

interface GithubEmail {
  email: string;
  primary: boolean;
  verified: boolean;
}

const GITHUB_API = "https://api.github.com";

/** The code is good only in the browser that asked for it (pkce), which takes only what it asked for (state). */
const CHECKS = ["pkce", "state"] as const;

export function providerConfigs(): (OAuth2Config<GithubUser> | OIDCConfig<OidcClaims>)[] {
  return configuredProviders().map((provider) =>
    provider.issuer === null ? githubConfig(provider) : oidcConfig(provider, provider.issuer),
  );
}

function oidcConfig(provider: SignInProvider, issuer: string): OIDCConfig<OidcClaims> {
  const { id, name, clientId, clientSecret } = provider;
  return {
    id,
    name,
    type: "oidc",
    issuer,
    clientId,
    clientSecret,
    checks: [...CHECKS],
    authorization: { params: { scope: "openid profile email" } },
    profile: (claims): Profile => {
      const isVerified = claims.email_verified === true || claims.email_verified === "true";
      const email = isVerified ? requireEmail(claims.email) : requireEmail(undefined);
      return { id: claims.sub, name: claims.name ?? claims.preferred_username ?? "", email };
    },
  };
}

function githubConfig({
  id,
  name,
  clientId,
  clientSecret,
}: SignInProvider): OAuth2Config<GithubUser> {
  return {
    id,
    name,
    type: "oauth",
    clientId,
    clientSecret,
    checks: [...CHECKS],
    issuer: "https://github.com/login/oauth",
    authorization: {
      url: "https://github.com/login/oauth/authorize",
      params: { scope: "read:user user:email" },
    },
    token: "https://github.com/login/oauth/access_token",
    userinfo: {
      url: `${GITHUB_API}/user`,
      request: async ({ tokens }: { tokens: { access_token?: string } }) => {
        const token = tokens.access_token ?? "";
        const user = await askGithub<GithubUser>("/user", token);
        const emails = await askGithub<GithubEmail[]>("/user/emails", token);
        const email = emails.find(({ primary, verified }) => primary && verified)?.email;
        return { ...user, email };
      },
    },
    profile: (user): Profile => ({
      id: String(user.id),
      name: user.name ?? user.login,
      email: requireEmail(user.email),
    }),
  };
}

async function askGithub<Answer>(path: string, token: string): Promise<Answer> {
  const response = await fetch(`${GITHUB_API}${path}`, {
    headers: { Authorization: `Bearer ${token}`, "User-Agent": "Rollcall" },
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${path}.`);
  return (await response.json()) as Answer;
}

function requireEmail(email: string | undefined): string {
  return (
    email ??
    fail({
      kind: "badCredentials",
      message: "The provider vouches for no e-mail address of yours.",
    })
  );
}
