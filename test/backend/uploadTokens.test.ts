/** Permissions to upload: for one component, for one hour, by one deployment. */
import { describe, expect, it } from "vitest";
import { UPLOAD_TOKEN_VALIDITY_MS, UploadTokens } from "../../backend/runtime/uploadTokens.ts";

describe("upload tokens", () => {
  const tokens = new UploadTokens("a secret");
  const issuedMs = 1_700_000_000_000;

  it("name the component that they were issued for", () => {
    for (const path of ["", "album", "outer/inner"]) {
      expect(tokens.redeem(tokens.issue(path, issuedMs), issuedMs)).toBe(path);
    }
  });

  it("are good for an hour", () => {
    const token = tokens.issue("album", issuedMs);
    expect(tokens.redeem(token, issuedMs + UPLOAD_TOKEN_VALIDITY_MS)).toBe("album");
    expect(tokens.redeem(token, issuedMs + UPLOAD_TOKEN_VALIDITY_MS + 1)).toBeNull();
  });

  it("cannot be made or changed by others", () => {
    const token = tokens.issue("album", issuedMs);
    const foreign = new UploadTokens("another secret").issue("album", issuedMs);
    const [, signature = ""] = token.split(".");
    const payload = Buffer.from(JSON.stringify(["", issuedMs])).toString("base64url");
    for (const bad of [foreign, `${payload}.${signature}`, `${token}x`, "", ".", "a.b.c"]) {
      expect(tokens.redeem(bad, issuedMs), bad).toBeNull();
    }
  });
});
