/** Which tests show which requirement: read from test titles, written as docs/requirements.md. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Ids of what Rollcall must do, each with one sentence. */
export type Requirements = Record<string, string>;

export interface ShownBy {
  /** The test's file, from the root. */
  path: string;
  /** The titles of its groups and its own. */
  title: string;
}

const TEST_FUNCTIONS = ["describe", "it", "test"];
const ID = /\bS\d\.\d+\b/g;
/** Ids as titles begin with them: not part of the sentence. */
const LEADING = /\bS\d\.\d+\b,?\s*/g;
const sections: Record<string, string> = {
  S0: "Bots that register each running instance",
  S1: "Heartbeat monitor with notifications",
  S2: "Host agent and orchestrator",
  S3: "Machines in a Convex web app",
  S4: "Monitoring for many machines",
};

export function readRequirements(root: string): Requirements {
  return JSON.parse(readFileSync(join(root, "docs/requirements.json"), "utf8")) as Requirements;
}

/** The tests of each requirement; an id that no requirement has is under its own name too. */
export function findTests(root: string): Map<string, ShownBy[]> {
  const found = new Map<string, ShownBy[]>();
  const paths = globSync("test/**/*.test.{ts,tsx}", { cwd: root }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  for (const path of paths.sort()) {
    const text = readFileSync(join(root, path), "utf8");
    for (const title of titlesIn(text)) {
      for (const id of new Set(title.match(ID) ?? [])) {
        found.set(id, [
          ...(found.get(id) ?? []),
          {
            path,
            title: title.replace(LEADING, "").trim(),
          },
        ]);
      }
    }
  }
  return found;
}

export function formatRequirements(
  requirements: Requirements,
  tests: Map<string, ShownBy[]>,
): string {
  const lines = [
    "# What Rollcall must do, and the tests that show it",
    "",
    "Written by `npm run requirements` from docs/requirements.json and the titles of the tests; a test shows what its title",
    "names. `npm test` fails when a requirement has no test or this file is out of date.",
  ];
  let section = "";
  for (const [id, text] of Object.entries(requirements)) {
    const next = id.split(".")[0] ?? "";
    if (next !== section) lines.push("", `## ${sections[next] ?? next}`);
    section = next;
    lines.push("", `**${id}** ${escape(text)}`, "");
    for (const { path, title } of tests.get(id) ?? [])
      lines.push(`- ${escape(title)} ([${path}](../${path}))`);
  }
  return `${lines.join("\n")}\n`;
}

/** Titles of the innermost calls that name a requirement, after those of the groups that they stand in. */
function titlesIn(text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node, outer: string[]) => {
    const title = ts.isCallExpression(node) ? titleOf(node) : null;
    const path = title === null ? outer : [...outer, title];
    if (title?.search(ID) !== undefined && title.search(ID) >= 0) titles.push(path.join(": "));
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX), []);
  return titles;
}

/** The first argument of `it("…")`, `test.each(…)("…")` and the like. */
function titleOf({ expression, arguments: [first] }: ts.CallExpression): string | null {
  let callee: ts.Expression = expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee))
    callee = callee.expression;
  if (!ts.isIdentifier(callee) || !TEST_FUNCTIONS.includes(callee.text)) return null;
  return first !== undefined && ts.isStringLiteralLike(first) ? first.text : null;
}

/** Titles are prose, not markup. */
function escape(text: string): string {
  return text.replace(/[_*`<>[\]|]/g, "\\$&");
}
