/** Documents that are made from the code have to say what the code says now. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findTests, formatRequirements, readRequirements } from "../scripts/lib/requirements.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const textOf = (path: string) => readFileSync(`${root}/${path}`, "utf8");

describe("docs/requirements.md", () => {
  const requirements = readRequirements(root);
  const tests = findTests(root);

  it("knows every requirement that a test names", () => {
    expect([...tests.keys()].filter((id) => !(id in requirements))).toEqual([]);
  });

  it("is what npm run requirements writes", () => {
    expect(textOf("docs/requirements.md")).toBe(formatRequirements(requirements, tests));
  });
});
