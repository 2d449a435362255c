/**
 * Password hashing: PBKDF2-SHA256 through WebCrypto. It runs in the sign-in action, not in the mutation that compares
 * the results, since a transaction must not hold everybody up for a fifth of a second.
 */
import { isEqualInConstantTime, sha256Hex } from "./credentials.ts";

/** OWASP's recommendation for PBKDF2-SHA256. */
const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const HASH_BITS = 256;
const SCHEME = "pbkdf2-sha256";

export interface Parameters {
  iterations: number;
  /** Hex. */
  salt: string;
}

export function newParameters(): Parameters {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { iterations: ITERATIONS, salt: toHex(salt) };
}

/** For an address without an account: the same work, so that the answer takes as long. */
export async function decoyParameters(email: string): Promise<Parameters> {
  const salt = (await sha256Hex(`nobody:${email}`)).slice(0, SALT_BYTES * 2);
  return { iterations: ITERATIONS, salt };
}

/** `pbkdf2-sha256$<iterations>$<salt>$<hash>`: what is stored as the account's secret. */
export async function hashPassword(
  password: string,
  { iterations, salt }: Parameters,
): Promise<string> {
  const bytes = new TextEncoder().encode(password.normalize("NFKC"));
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations };
  const hash = await crypto.subtle.deriveBits(algorithm, key, HASH_BITS);
  return [SCHEME, iterations, salt, toHex(new Uint8Array(hash))].join("$");
}

/** The parameters that a stored secret was made with, or null where it is none of ours. */
export function parametersOf(secret: string): Parameters | null {
  const [scheme, iterations, salt] = secret.split("$");
  return scheme === SCHEME && iterations !== undefined && salt !== undefined
    ? { iterations: Number(iterations), salt }
    : null;
}

/** The provider's `crypto`: what reaches it is hashed already. */
export const hashedSecrets = {
  hashSecret: async (hashed: string): Promise<string> => hashed,
  verifySecret: async (hashed: string, stored: string): Promise<boolean> =>
    isEqualInConstantTime(hashed, stored),
};

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
