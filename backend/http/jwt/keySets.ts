/** The public keys of the providers, fetched when first needed and again when a token names one that is not known. */
import * as z from "zod";
import { type TrustedProvider } from "./providers.ts";

/** Fetches a JSON document. Rejects if that fails. */
export type FetchJson = (url: string) => Promise<unknown>;

const jwk = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  alg: z.string().optional(),
  use: z.string().optional(),
  crv: z.string().optional(),
});
export type PublicJwk = z.output<typeof jwk>;
const jwkSet = z.object({ keys: z.array(jwk) });
const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

type KeySet = { keys: PublicJwk[]; fetchedAt: number };

/** Keys that the provider has withdrawn are trusted for no longer than this. */
const MAX_AGE_MS = 60 * 60 * 1000;
/** Tokens with made-up key ids make us ask the provider no more often than this. */
const MIN_REFRESH_MS = 10 * 1000;

export class KeySets {
  readonly #fetchJson: FetchJson;
  readonly #now: () => number;
  readonly #sets = new Map<string, KeySet>();
  readonly #fetching = new Map<string, Promise<KeySet>>();

  constructor(fetchJson: FetchJson, now: () => number) {
    this.#fetchJson = fetchJson;
    this.#now = now;
  }

  /** Rejects if the keys are not known and cannot be fetched. */
  async keysOf(provider: TrustedProvider): Promise<PublicJwk[]> {
    const known = this.#sets.get(cacheKey(provider));
    if (known && this.#isWithin(known, MAX_AGE_MS)) return known.keys;
    return (await this.#fetch(provider)).keys;
  }

  /** The keys as they are now, or null if they were fetched only just before. */
  async refresh(provider: TrustedProvider): Promise<PublicJwk[] | null> {
    const known = this.#sets.get(cacheKey(provider));
    if (known && this.#isWithin(known, MIN_REFRESH_MS)) return null;
    return (await this.#fetch(provider)).keys;
  }

  /** False also for what was fetched later than now: the clock was set, and nobody knows how old it is. */
  #isWithin({ fetchedAt }: KeySet, ageMs: number): boolean {
    const nowMs = this.#now();
    return fetchedAt <= nowMs && nowMs - fetchedAt < ageMs;
  }

  clear(): void {
    this.#sets.clear();
    this.#fetching.clear();
  }

  #fetch(provider: TrustedProvider): Promise<KeySet> {
    const key = cacheKey(provider);
    const underway = this.#fetching.get(key);
    if (underway) return underway;
    const fetching = this.#load(provider)
      .then((keys) => {
        const set = { keys, fetchedAt: this.#now() };
        if (this.#fetching.get(key) === fetching) this.#sets.set(key, set);
        return set;
      })
      .finally(() => {
        if (this.#fetching.get(key) === fetching) this.#fetching.delete(key);
      });
    this.#fetching.set(key, fetching);
    return fetching;
  }

  async #load(provider: TrustedProvider): Promise<PublicJwk[]> {
    const uri =
      provider.keys.kind === "jwks" ? provider.keys.uri : await this.#discover(provider.issuer);
    const document = uri.startsWith("data:") ? parseDataUri(uri) : await this.#fetchJson(uri);
    return jwkSet.parse(document).keys;
  }

  async #discover(issuer: string): Promise<string> {
    const document = await this.#fetchJson(`${issuer}/.well-known/openid-configuration`);
    return discovery.parse(document).jwks_uri;
  }
}

const cacheKey = ({ issuer, keys }: TrustedProvider): string =>
  keys.kind === "jwks" ? `jwks ${keys.uri}` : `discovery ${issuer}`;

/** `data:[<type>][;charset=…][;base64],<JSON>` */
function parseDataUri(uri: string): unknown {
  const comma = uri.indexOf(",");
  if (comma < 0) throw new Error("The data URI of the JWK set has no data.");
  const data = uri.slice(comma + 1);
  const isBase64 = uri.slice(0, comma).endsWith(";base64");
  return JSON.parse(
    isBase64 ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data),
  );
}
