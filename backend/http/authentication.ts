/** Who a request is from: JWTs of users and the admin key, for HTTP headers and for sync clients alike. */
import { type Engine, type UserIdentity } from "../runtime/engine.ts";
import {
  type Authenticated,
  AuthenticationError,
  type Authenticator,
  NOBODY,
} from "../sync/authenticator.ts";
import { createAdminKeyCheck, parseAdminCredential } from "./adminKey.ts";
import { createFetchJson } from "./jwt/documents.ts";
import { JwtVerifier } from "./jwt/verifier.ts";

export type AuthenticationOptions = {
  engine: Engine;
  adminKey: string;
  /** The address under which this deployment issues tokens itself. */
  siteOrigin: string;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
};

export class Authentication implements Authenticator {
  readonly #verifier: JwtVerifier;
  readonly #isAdminKey: (key: string) => boolean;
  readonly #stop: () => void;

  constructor({ engine, adminKey, siteOrigin, fetch, now }: AuthenticationOptions) {
    this.#isAdminKey = createAdminKeyCheck(adminKey);
    this.#verifier = new JwtVerifier({
      providers: () => engine.authProviders(),
      fetchJson: createFetchJson({ engine, siteOrigin, fetch: fetch ?? globalThis.fetch }),
      now: now ?? Date.now,
    });
    this.#stop = engine.onDeploymentChange(() => this.#verifier.clear());
  }

  async user(token: string): Promise<Authenticated> {
    const { identity, expiresAt } = await this.#verifier.verify(token);
    return { caller: { kind: "user", identity }, expiresAt };
  }

  admin(key: string, impersonating?: Record<string, unknown>): Authenticated {
    if (!this.#isAdminKey(key)) {
      const text = "The provided admin key is not the key of this deployment.";
      throw new AuthenticationError("BadDeployKey", text, 403);
    }
    const identity = impersonating ? actingAs(impersonating) : null;
    return { caller: { kind: "admin", identity }, expiresAt: null };
  }

  /** Reads an Authorization header. Rejects with AuthenticationError unless it is absent or good. */
  async fromHeader(header: string | undefined): Promise<Authenticated> {
    if (header === undefined) return NOBODY;
    const [scheme, credential] = splitHeader(header);
    if (scheme === "bearer") return this.user(credential);
    if (scheme === "convex") return this.#adminFromHeader(credential);
    const text = 'The Authorization header must be "Bearer <JWT>" or "Convex <admin key>".';
    throw new AuthenticationError("InvalidAuthHeader", text);
  }

  /** The identity that an HTTP action sees. Its Authorization header may be of the app's own kind: then nobody. */
  identityForHttpAction(header: string | undefined): null | Promise<UserIdentity | null> {
    if (header === undefined) return null;
    const [scheme, credential] = splitHeader(header);
    const isOurs = scheme === "convex" || (scheme === "bearer" && looksLikeJwt(credential));
    if (!isOurs) return null;
    return this.fromHeader(header).then(
      ({ caller }) => caller.identity,
      () => null,
    );
  }

  close(): void {
    this.#stop();
  }

  #adminFromHeader(credential: string): Authenticated {
    let parsed;
    try {
      parsed = parseAdminCredential(credential);
    } catch {
      const text = "The identity behind the admin key is not base64 of a JSON object.";
      throw new AuthenticationError("InvalidAuthHeader", text);
    }
    return this.admin(parsed.key, parsed.impersonating);
  }
}

function splitHeader(header: string): [scheme: string, credential: string] {
  const space = header.indexOf(" ");
  if (space < 0) return [header.toLowerCase(), ""];
  return [header.slice(0, space).toLowerCase(), header.slice(space + 1).trim()];
}

/** Three parts, the first a JSON object in base64: enough to leave tokens of other kinds alone. */
function looksLikeJwt(token: string): boolean {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  return token.startsWith("ey") && second > 0 && !token.includes(".", second + 1);
}

function actingAs(claims: Record<string, unknown>): UserIdentity {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const issuer = text(claims["issuer"]);
  const subject = text(claims["subject"]);
  const tokenIdentifier = text(claims["tokenIdentifier"]) || `${issuer}|${subject}`;
  return { ...claims, tokenIdentifier, issuer, subject };
}
