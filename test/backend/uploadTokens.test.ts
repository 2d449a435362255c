/** Permissions to upload: for one component, for one hour, by one deployment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Files } from "../../backend/runtime/files.ts";
import type { Supervisor } from "../../backend/runtime/supervisor.ts";
import { UPLOAD_TOKEN_VALIDITY_MS, UploadTokens } from "../../backend/runtime/uploadTokens.ts";

const folder = mkdtempSync(join(tmpdir(), "upload-tokens-"));
afterAll(() => rmSync(folder, { recursive: true }));

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

  it("are good also while the database is ahead of the machine's clock", () => {
    const aheadMs = Date.now() + 3 * UPLOAD_TOKEN_VALIDITY_MS;
    const supervisor = {
      deployment: () => ({ instanceSecret: "a secret" }),
      currentTs: () => BigInt(aheadMs) * 1_000_000n,
    } as unknown as Supervisor;
    const files = new Files(supervisor, folder);
    expect(files.uploadTarget(tokens.issue("album", aheadMs))).toBe("album");
    const old = tokens.issue("album", aheadMs - UPLOAD_TOKEN_VALIDITY_MS - 1);
    expect(() => files.uploadTarget(old)).toThrow("older than an hour");
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
