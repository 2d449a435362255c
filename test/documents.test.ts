/** Documents that are made from the code have to say what the code says now. */
import { globSync, readFileSync } from "node:fs";
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

describe(".env.example", () => {
  const example = textOf(".env.example");
  const namesIn = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name = ""]) => name);
  const isNamed = (name: string) => new RegExp(`^#?${name}=`, "m").test(example);
  /** Made by the first start, and no business of people. */
  const ours = ["JWT_PRIVATE_KEY", "JWKS"];

  it("names every variable that the functions read", () => {
    const names = namesIn(textOf("convex/convex.config.ts"), /^ +([A-Z_]+): v\./gm);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !isNamed(name) && !ours.includes(name))).toEqual([]);
  });

  it("names every variable that npm start reads or passes on", () => {
    const passedOn = namesIn(textOf("scripts/lib/variables.ts"), /^ {2}"([A-Z_]+)",$/gm);
    const read = namesIn(textOf("scripts/lib/settings.ts"), /env\.(ROLLCALL_[A-Z_]+)/gi);
    expect([...passedOn, ...read].filter((name) => !isNamed(name))).toEqual([]);
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
