/** Which provider of auth.config.ts vouches for a token, and under which conditions. */
import { type JWTPayload } from "jose";
import { type AuthProvider } from "../../runtime/engine.ts";

export type TrustedProvider = {
  /** Without a slash at the end; tokens may have one. */
  issuer: string;
  /** Where the keys are: to be discovered from the issuer, or the address or data URI of a JWK set. */
  keys: { kind: "discovery" } | { kind: "jwks"; uri: string };
  algorithms: string[];
  /** Null: the audience is not looked at. */
  audience: string | null;
  /** Whether nested claims become dotted fields of the identity. */
  flattensClaims: boolean;
};

export function trustedProvider(provider: AuthProvider): TrustedProvider {
  if (provider.type === "customJwt") {
    return {
      issuer: withScheme(trimSlashes(provider.issuer)),
      keys: { kind: "jwks", uri: provider.jwks },
      algorithms: [provider.algorithm],
      audience: provider.applicationID,
      flattensClaims: true,
    };
  }
  return {
    issuer: withScheme(trimSlashes(provider.domain)),
    keys: { kind: "discovery" },
    algorithms: ["RS256", "EdDSA"],
    audience: provider.applicationID,
    flattensClaims: false,
  };
}

/** The first provider that has the issuer, the audience and the algorithm of the token. Nothing is verified yet. */
export function findProvider(
  providers: TrustedProvider[],
  claims: JWTPayload,
  algorithm: string,
): TrustedProvider | null {
  const issuer = withScheme(trimSlashes(claims.iss ?? ""));
  const audiences = [claims.aud ?? []].flat();
  const found = providers.find(
    (provider) =>
      provider.issuer === issuer &&
      (provider.audience === null || audiences.includes(provider.audience)) &&
      provider.algorithms.includes(algorithm),
  );
  return found ?? null;
}

function trimSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === "/") end--;
  return text.slice(0, end);
}

/** Domains of OIDC providers are often written without a scheme. */
const withScheme = (domain: string): string =>
  domain === "" || domain.includes("://") ? domain : `https://${domain}`;
