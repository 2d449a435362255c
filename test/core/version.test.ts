import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { VERSION } from "../../core/version.ts";

test("the version that the server reports is that of the package", () => {
  expect(VERSION).toBe(packageJson.version);
});
