/**
 * Permission to upload one or more files into a component's storage for an hour. Signed, not stored: whoever has the
 * text may use it, here and after a restart.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** As long as Convex's. */
export const UPLOAD_TOKEN_VALIDITY_MS = 60 * 60 * 1000;

export class UploadTokens {
  readonly #key: Buffer;

  constructor(instanceSecret: string) {
    this.#key = createHmac("sha256", instanceSecret).update("upload token").digest();
  }

  issue(componentPath: string, nowMs: number): string {
    const payload = Buffer.from(JSON.stringify([componentPath, nowMs])).toString("base64url");
    return `${payload}.${this.#sign(payload)}`;
  }

  /** The path of the component that the upload is for, or null when the token is not ours or too old. */
  redeem(token: string, nowMs: number): string | null {
    const [payload = "", signature = ""] = token.split(".");
    const given = Buffer.from(signature);
    const wanted = Buffer.from(this.#sign(payload));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const text = Buffer.from(payload, "base64url").toString("utf8");
    const [componentPath, issuedMs] = JSON.parse(text) as [string, number];
    return Math.abs(nowMs - issuedMs) > UPLOAD_TOKEN_VALIDITY_MS ? null : componentPath;
  }

  #sign(payload: string): string {
    return createHmac("sha256", this.#key).update(payload).digest("base64url");
  }
}
