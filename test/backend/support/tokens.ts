/** Makes keys, JWK sets and tokens as identity providers do. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type Issuer = {
  issuer: string;
  algorithm: string;
  keyId: string | undefined;
  jwk: JWK;
  sign: (
    claims?: Record<string, unknown>,
    options?: { expiresInSeconds?: number; audience?: string | null; issuer?: string },
  ) => Promise<string>;
};

export async function createIssuer(options: {
  issuer: string;
  algorithm?: "RS256" | "ES256" | "EdDSA";
  keyId?: string;
}): Promise<Issuer> {
  const { issuer, algorithm = "RS256", keyId } = options;
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), alg: algorithm, use: "sig" };
  if (keyId !== undefined) jwk.kid = keyId;
  const sign: Issuer["sign"] = async (claims = {}, signing = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const { expiresInSeconds = 3600, audience = "convex" } = signing;
    const token = new SignJWT({ sub: "alice", ...claims })
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId ? { kid: keyId } : {}) })
      .setIssuer(signing.issuer ?? issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresInSeconds);
    if (audience !== null) token.setAudience(audience);
    return token.sign(privateKey);
  };
  return { issuer, algorithm, keyId, jwk, sign };
}

/** A JWK set as the data URI of a customJwt provider. */
export const jwksUri = (...issuers: Issuer[]): string =>
  `data:application/json;base64,${Buffer.from(
    JSON.stringify({ keys: issuers.map(({ jwk }) => jwk) }),
  ).toString("base64")}`;
