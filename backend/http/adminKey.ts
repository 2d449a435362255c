/** The admin key: `<instance>|<secret>`, as the CLI and the dashboard send it. */
import { createHash, timingSafeEqual } from "node:crypto";

export type AdminCredential = {
  key: string;
  /** The claims of the user that the admin acts as. */
  impersonating?: Record<string, unknown>;
};

/**
 * Takes `<key>[:<base64 JSON identity>]` apart. Throws if the identity is not JSON. The key may have a deployment type in
 * front (`prod:name|secret`), so that only a colon behind the bar separates.
 */
export function parseAdminCredential(text: string): AdminCredential {
  const bar = text.indexOf("|");
  const colon = text.indexOf(":", bar + 1);
  if (colon < 0) return { key: text };
  const identity: unknown = JSON.parse(
    Buffer.from(text.slice(colon + 1), "base64").toString("utf8"),
  );
  if (typeof identity !== "object" || identity === null || Array.isArray(identity)) {
    throw new TypeError("The identity to act as must be a JSON object.");
  }
  return { key: text.slice(0, colon), impersonating: { ...identity } };
}

/** Compares in constant time. */
export function createAdminKeyCheck(adminKey: string): (key: string) => boolean {
  const expected = digest(withoutType(adminKey));
  return (key) => timingSafeEqual(digest(withoutType(key)), expected);
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

function withoutType(key: string): string {
  const bar = key.indexOf("|");
  return bar < 0 ? key : key.slice(key.lastIndexOf(":", bar) + 1);
}
