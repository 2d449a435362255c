/** Documents that are made from the code have to say what the code says now. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { ENVIRONMENT, PASSED_ON } from "../scripts/lib/environment.ts";
import { findReads, formatEnvironment, formatExample } from "../scripts/lib/environmentTexts.ts";
import { findTests, formatRequirements, readRequirements } from "../scripts/lib/requirements.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const textOf = (path: string) => readFileSync(`${root}/${path}`, "utf8");

describe("docs/requirements.md", () => {
  const requirements = readRequirements(root);
  const tests = findTests(root);

  it("knows every requirement that a test names", () => {
    expect([...tests.keys()].filter((id) => !(id in requirements))).toEqual([]);
  });

  it("names a test for every requirement", () => {
    expect(Object.keys(requirements).filter((id) => !tests.has(id))).toEqual([]);
  });

  it("is what npm run requirements writes", () => {
    expect(textOf("docs/requirements.md")).toBe(formatRequirements(requirements, tests));
  });
});

describe("the environment", () => {
  const reads = findReads(root);
  const declared = ENVIRONMENT.flatMap(({ variables }) => variables.map(({ name }) => name));

  it("is read only where scripts/lib/environment.ts declares it", () => {
    expect(reads.size).toBeGreaterThan(30);
    expect([...reads].filter(([name]) => !declared.includes(name))).toEqual([]);
  });

  it("declares nothing twice, and nothing that nobody reads", () => {
    const given = [...PASSED_ON, "JWT_PRIVATE_KEY", "JWKS", "CONVEX_CLOUD_URL"];
    expect(declared).toEqual([...new Set(declared)]);
    expect(declared.filter((name) => !reads.has(name) && !given.includes(name))).toEqual([]);
  });

  it("of the functions is what npm start hands on to them", () => {
    const config = textOf("convex/convex.config.ts");
    const names = [...config.matchAll(/^ +([A-Z_]+): v\./gm)].map(([, name = ""]) => name);
    expect(names.toSorted()).toEqual([...PASSED_ON, "JWT_PRIVATE_KEY", "JWKS"].toSorted());
  });

  it("is in docs/environment.md and .env.example as npm run environment writes them", async () => {
    const text = await format(formatEnvironment(ENVIRONMENT), { parser: "markdown" });
    expect(textOf("docs/environment.md")).toBe(text);
    expect(textOf(".env.example")).toBe(formatExample(ENVIRONMENT));
  });
});

describe("deploy/", () => {
  it("Dockerfile copies and runs files that exist", () => {
    const lines = textOf("deploy/Dockerfile")
      .split("\n")
      .filter((line) => /^[A-Z]/.test(line));
    expect(lines[0]).toMatch(/^FROM node:24/);
    const copied = lines
      .filter((line) => line.startsWith("COPY"))
      .flatMap((line) => line.split(" ").slice(1, -1))
      .filter((word) => !word.startsWith("--") && word !== ".");
    for (const path of copied) expect(textOf(path)).not.toBe("");
    expect(lines.at(-1)).toBe('CMD ["node_modules/.bin/node", "scripts/start.ts"]');
  });

  it("compose.yaml builds that Dockerfile and keeps the data in a volume", () => {
    const text = textOf("deploy/compose.yaml");
    expect(text).not.toContain("\t");
    expect(text).toContain("dockerfile: deploy/Dockerfile");
    expect(text).toContain("- rollcall-data:/data");
    for (const line of text.split("\n"))
      expect(line).toMatch(/^( *#.*|( {2})*(- )?[\w-]+:.*|( {2})*- .+|)$/);
  });

  it("names no setting that does not exist", () => {
    const files = globSync("deploy/*", { cwd: root })
      .map((path) => textOf(path))
      .join("\n");
    const names = [...files.matchAll(/\b((?:ROLLCALL|MACHINE)_[A-Z_]+|SITE_URL)\b/g)].map(
      ([, name = ""]) => name,
    );
    expect(names.filter((name) => !textOf(".env.example").includes(name))).toEqual([]);
  });
});
