/** From the claims of a verified JWT to the identity that `ctx.auth.getUserIdentity()` returns. */
import { type JWTPayload } from "jose";
import { type UserIdentity } from "../../runtime/engine.ts";

/** The standard claims of OpenID Connect under the names that Convex gives them. */
const STANDARD_CLAIMS: Record<string, string> = {
  name: "name",
  given_name: "givenName",
  family_name: "familyName",
  nickname: "nickname",
  preferred_username: "preferredUsername",
  profile: "profileUrl",
  picture: "pictureUrl",
  website: "websiteUrl",
  email: "email",
  email_verified: "emailVerified",
  gender: "gender",
  birthdate: "birthday",
  zoneinfo: "timezone",
  locale: "language",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
};

/**
 * Claims about the token rather than the person. They are left out, also because they differ in each refreshed token:
 * without them a refresh yields the same identity, and the queries watched with it go on undisturbed.
 */
const TOKEN_CLAIMS = new Set(
  "iss sub aud exp iat nbf jti auth_time nonce acr amr azp at_hash c_hash sid".split(" "),
);

/** `flattens` makes `{a: {b: 1}}` the field `"a.b"`, as customJwt providers have it. */
export function identityOf(claims: JWTPayload, flattens: boolean): UserIdentity {
  const { iss = "", sub = "" } = claims;
  const identity: UserIdentity = { tokenIdentifier: `${iss}|${sub}`, issuer: iss, subject: sub };
  for (const [name, value] of Object.entries(claims)) {
    if (TOKEN_CLAIMS.has(name) || value === undefined) continue;
    const standardName = Object.hasOwn(STANDARD_CLAIMS, name) ? STANDARD_CLAIMS[name] : undefined;
    if (standardName !== undefined) identity[standardName] = value;
    else if (name === "address") identity["address"] = formattedAddress(value);
    else if (name === "updated_at") identity["updatedAt"] = isoTime(value);
    else if (flattens) addFlat(identity, name, value);
    else identity[name] = value;
  }
  return identity;
}

function addFlat(identity: UserIdentity, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) addFlat(identity, `${name}.${key}`, inner);
  } else {
    identity[name] = value;
  }
}

const formattedAddress = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "formatted" in value ? value.formatted : value;

const isoTime = (value: unknown): unknown =>
  typeof value === "number" ? new Date(value * 1000).toISOString() : value;
