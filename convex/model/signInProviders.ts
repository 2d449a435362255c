/** Ways to sign in besides the password, as the environment configures them. A button exists for those only. */
import { env } from "../_generated/server.js";
import type { ProviderId } from "../validators.ts";
import { pageUrl } from "./settings.ts";

export interface SignInProvider {
  id: ProviderId;
  /** On its button. */
  name: string;
  clientId: string;
  clientSecret: string;
  /** Where an OpenID Connect provider describes itself; null for GitHub, which needs none. */
  issuer: string | null;
}

/** None without SITE_URL: the provider sends people back there. */
export function configuredProviders(): SignInProvider[] {
  if (pageUrl() === null) return [];
  return [github(), oidc()].filter((provider) => provider !== null);
}

function github(): SignInProvider | null {
  const { AUTH_GITHUB_ID: clientId, AUTH_GITHUB_SECRET: clientSecret } = env;
  if (!clientId || !clientSecret) return null;
  return { id: "github", name: "GitHub", clientId, clientSecret, issuer: null };
}

function oidc(): SignInProvider | null {
  const { AUTH_OIDC_ID: clientId, AUTH_OIDC_SECRET: clientSecret, AUTH_OIDC_ISSUER: issuer } = env;
  if (!clientId || !clientSecret || issuer === undefined || !URL.canParse(issuer)) return null;
  const name = env.AUTH_OIDC_NAME?.trim() || new URL(issuer).host;
  return { id: "oidc", name, clientId, clientSecret, issuer };
}
