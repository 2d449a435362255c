/**
 * Page cursors: a position in an index, encrypted so that a client cannot read keys from it, and bound to the query, so
 * that it cannot be used with another one. The same position always gives the same text: results stay comparable.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";

/** After which key a page begins, or that the query had ended. */
export type Position = { after: string } | "end";

const VERSION = "c1";

export class CursorCodec {
  readonly #key: Buffer;

  constructor(instanceSecret: string) {
    this.#key = createHash("sha256").update(`cursor ${instanceSecret}`).digest();
  }

  encode(position: Position, fingerprint: string): string {
    const text = JSON.stringify([
      fingerprint,
      position === "end" ? null : Buffer.from(position.after, "latin1").toString("base64"),
    ]);
    const nonce = createHmac("sha256", this.#key).update(text).digest().subarray(0, 12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = Buffer.concat([
      nonce,
      cipher.update(text, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return VERSION + sealed.toString("base64url");
  }

  /** Null when the text is no cursor of this instance and this query. */
  decode(text: string, fingerprint: string): Position | null {
    if (!text.startsWith(VERSION)) return null;
    const sealed = Buffer.from(text.slice(VERSION.length), "base64url");
    if (sealed.length < 12 + 16) return null;
    try {
      const opener = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(0, 12));
      opener.setAuthTag(sealed.subarray(-16));
      const opened = Buffer.concat([
        opener.update(sealed.subarray(12, -16)),
        opener.final(),
      ]).toString("utf8");
      const [bound, after] = JSON.parse(opened) as [string, string | null];
      if (bound !== fingerprint) return null;
      return after === null ? "end" : { after: Buffer.from(after, "base64").toString("latin1") };
    } catch {
      return null;
    }
  }
}

/** Identifies a query by what it reads, not by how much of it. */
export function fingerprintOf(componentPath: string, query: unknown): string {
  return createHash("sha256")
    .update(componentPath)
    .update(JSON.stringify(query))
    .digest("base64url")
    .slice(0, 16);
}
