/** Verifies JWTs against the providers of the deployment. Who may do what with an identity is not its business. */
import {
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWTPayload,
  jwtVerify,
  errors as joseErrors,
} from "jose";
import { type AuthProvider, type UserIdentity } from "../../runtime/engine.ts";
import { AuthenticationError } from "../../sync/authenticator.ts";
import { identityOf } from "./claims.ts";
import { type FetchJson, KeySets, type PublicJwk } from "./keySets.ts";
import { findProvider, trustedProvider, type TrustedProvider } from "./providers.ts";

/** `expiresAt` in ms since the epoch, leeway included. */
export type VerifiedToken = { identity: UserIdentity; expiresAt: number };

/** Clocks of issuers may differ from ours by this much. */
const LEEWAY_SECONDS = 5;
/** Tokens come again and again, with each request of an HTTP client: this many need no second look. */
const MAX_REMEMBERED = 2_000;
/** Then they get one again: a key that the provider has withdrawn must not live on in the tokens that it made. */
const REMEMBERED_MS = 10 * 60 * 1000;

const KEY_TYPES: Record<string, string> = { RS256: "RSA", ES256: "EC", EdDSA: "OKP" };

export class JwtVerifier {
  readonly #providers: () => AuthProvider[];
  readonly #keySets: KeySets;
  readonly #now: () => number;
  #remembered = new Map<string, VerifiedToken & { verifiedAt: number }>();
  #trusted: TrustedProvider[] | null = null;

  constructor(options: {
    providers: () => AuthProvider[];
    fetchJson: FetchJson;
    now: () => number;
  }) {
    this.#providers = options.providers;
    this.#now = options.now;
    this.#keySets = new KeySets(options.fetchJson, options.now);
  }

  /** Rejects with AuthenticationError if the token is no good, with another error if that could not be found out. */
  async verify(token: string): Promise<VerifiedToken> {
    const known = this.#remembered.get(token);
    const nowMs = this.#now();
    const ageMs = known ? nowMs - known.verifiedAt : -1;
    if (known && nowMs < known.expiresAt && ageMs >= 0 && ageMs < REMEMBERED_MS) return known;
    const remembered = this.#remembered;
    const verified = { ...(await this.#verify(token)), verifiedAt: nowMs };
    // Not if all was forgotten meanwhile: this provider may be trusted no longer.
    if (remembered === this.#remembered) this.#remember(token, verified);
    return verified;
  }

  /** Forgets providers, keys and tokens: the deployment has changed. */
  clear(): void {
    this.#trusted = null;
    this.#remembered = new Map();
    this.#keySets.clear();
  }

  async #verify(token: string): Promise<VerifiedToken> {
    const { claims, algorithm, keyId } = decode(token);
    this.#trusted ??= this.#providers().map(trustedProvider);
    const provider = findProvider(this.#trusted, claims, algorithm);
    if (!provider) throw noProvider(claims, algorithm);
    const payload =
      (await this.#tryKeys(token, algorithm, keyId, await this.#keySets.keysOf(provider))) ??
      (await this.#tryKeys(token, algorithm, keyId, await this.#keySets.refresh(provider)));
    if (!payload) {
      throw new AuthenticationError(
        "InvalidAuthHeader",
        `Could not verify the token: no key of ${provider.issuer} fits its signature.`,
      );
    }
    const expiresAt = ((payload.exp ?? 0) + LEEWAY_SECONDS) * 1000;
    return { identity: identityOf(payload, provider.flattensClaims), expiresAt };
  }

  /** Null if none of the keys made the signature. */
  async #tryKeys(
    token: string,
    algorithm: string,
    keyId: string | undefined,
    keys: PublicJwk[] | null,
  ): Promise<JWTPayload | null> {
    for (const jwk of keys ?? []) {
      if (!isCandidate(jwk, algorithm, keyId)) continue;
      try {
        const key = await importJWK(jwk, algorithm);
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: new Date(this.#now()),
          requiredClaims: ["iss", "sub", "exp"],
        });
        return payload;
      } catch (error) {
        if (error instanceof joseErrors.JWTExpired) {
          throw new AuthenticationError("IdTokenExpired", "The token has expired.");
        }
        if (error instanceof joseErrors.JWTClaimValidationFailed) {
          throw new AuthenticationError("InvalidAuthHeader", `Invalid token: ${error.message}`);
        }
        // Another key's signature, or a key that cannot be used: the next one may fit.
      }
    }
    return null;
  }

  #remember(token: string, verified: VerifiedToken & { verifiedAt: number }): void {
    this.#remembered.delete(token);
    if (this.#remembered.size >= MAX_REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    this.#remembered.set(token, verified);
  }
}

function decode(token: string) {
  try {
    const claims = decodeJwt(token);
    const { alg = "", kid } = decodeProtectedHeader(token);
    return { claims, algorithm: alg, keyId: kid };
  } catch {
    throw new AuthenticationError("InvalidAuthHeader", "Could not parse the token as a JWT.");
  }
}

/** Tokens without a key id are tried with every key of their algorithm, keys without an id with every token. */
const isCandidate = (jwk: PublicJwk, algorithm: string, keyId: string | undefined): boolean =>
  jwk.kty === KEY_TYPES[algorithm] &&
  (jwk.alg === undefined || jwk.alg === algorithm) &&
  (jwk.use === undefined || jwk.use === "sig") &&
  (keyId === undefined || jwk.kid === undefined || jwk.kid === keyId);

function noProvider({ iss, aud }: JWTPayload, algorithm: string): AuthenticationError {
  const audience = [aud ?? []].flat().join(", ");
  return new AuthenticationError(
    "NoAuthProvider",
    `No auth provider found matching the given token (issuer "${iss ?? ""}", audience "${audience}", ` +
      `algorithm ${algorithm}). Check convex/auth.config.ts.`,
  );
}
