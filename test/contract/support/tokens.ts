/** An issuer of JWTs for contractApp: makes a key, publishes it as a data: address, signs. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { AUDIENCE, ISSUER, type Person } from "../session.ts";

export type Issuer = {
  /** The key set as a `data:` address, for the deployment's CONTRACT_JWKS. */
  jwks: string;
  /** `lifetime` as jose reads it: "1h", "3s", or "-1h" for a token that is over. */
  sign(person: Person, lifetime?: string): Promise<string>;
};

export const createIssuer = async (): Promise<Issuer> => {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: "contract", alg: "RS256", use: "sig" };
  const json = Buffer.from(JSON.stringify({ keys: [key] })).toString("base64");
  return {
    jwks: `data:application/json;base64,${json}`,
    sign: ({ subject, ...claims }, lifetime = "1h") =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "contract", typ: "JWT" })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(privateKey),
  };
};
