/** The documents that are written from environment.ts, and what in the code reads the environment. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Variable, VariableGroup } from "./environment.ts";

export function formatEnvironment(groups: VariableGroup[]): string {
  const lines = [
    "# Environment variables",
    "",
    "Written by `npm run environment` from scripts/lib/environment.ts; a test fails when code reads a variable that does not",
    "stand there. None has to be set. An empty value counts as none.",
  ];
  for (const { title, text, variables } of groups) {
    lines.push("", `## ${title}`, "", escape(text), "");
    lines.push("| variable | default | meaning |", "| --- | --- | --- |");
    for (const variable of variables)
      lines.push(
        `| \`${variable.name}\` | ${escape(variable.fallback)} | ${escape(variable.text)} |`,
      );
  }
  return `${lines.join("\n")}\n`;
}

export function formatExample(groups: VariableGroup[]): string {
  const lines = [
    "# Every setting, with its default. None is needed: `npm start` works without this file.",
    "# Set what you want in the environment or in .env.local (npm start writes its own lines there and keeps yours).",
    "# Written by `npm run environment`.",
  ];
  for (const { title, text, variables, isInternal } of groups) {
    if (isInternal) continue;
    lines.push("", ...comment(`${title}. ${text}`));
    for (const variable of variables)
      lines.push("", ...comment(variable.text), assignment(variable));
  }
  return `${lines.join("\n")}\n`;
}

const assignment = ({ name, fallback, example }: Variable) => `#${name}=${example ?? fallback}`;

const WIDTH = 118;

function comment(text: string): string[] {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + word.length >= WIDTH) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

const escape = (text: string): string => text.replace(/[_*<>|]/g, "\\$&");

/** Of the system, of npm and of the tools that we start, as they define them. */
const FOREIGN = new Set([
  ...["PATH", "NODE_ENV", "NODE_OPTIONS", "NO_PROXY", "INIT_CWD", "DESTDIR"],
  // Of /etc/os-release.
  "PRETTY_NAME",
]);
/** Benchmarks and tests have knobs of their own, said where they are. */
const PROGRAMS = "{agent,backend,convex,core,scripts,src}/**/*.{ts,tsx}";
const NAME = /^[A-Z][A-Z\d]*(_[A-Z\d]+)*$/;

/** Names of variables that a program or shell script reads, with the files in which it does. */
export function findReads(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, path: string) => {
    if (FOREIGN.has(name)) return;
    found.set(name, [...(found.get(name) ?? []), path]);
  };
  for (const path of [...globSync(PROGRAMS, { cwd: root }), "vite.config.ts"].sort()) {
    if (path.includes("_generated")) continue;
    const text = readFileSync(join(root, path), "utf8");
    if (/env|setting\(|VARIABLES/i.test(text)) for (const name of readsIn(text)) add(name, path);
  }
  for (const path of globSync("public/*.sh", { cwd: root }).sort()) {
    const text = readFileSync(join(root, path), "utf8");
    for (const [, name = ""] of text.matchAll(/\$\{([A-Z][A-Z\d_]+):[-=?+]/g))
      if (!new RegExp(`^ *${name}=`, "m").test(text)) add(name, path);
  }
  return found;
}

/** `env.NAME`, `env["NAME"]` of whatever is called env, names handed to a reader, and lists called …VARIABLES. */
function readsIn(text: string): Set<string> {
  const names = new Set<string>();
  const keep = (node: ts.Node | undefined) => {
    if (node !== undefined && ts.isStringLiteralLike(node) && NAME.test(node.text))
      names.add(node.text);
  };
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression)) {
      if (NAME.test(node.name.text)) names.add(node.name.text);
    } else if (ts.isElementAccessExpression(node) && isEnvironment(node.expression)) {
      keep(node.argumentExpression);
    } else if (ts.isCallExpression(node) && lastName(node.expression) === "setting") {
      node.arguments.forEach(keep);
    } else if (ts.isVariableDeclaration(node) && /VARIABLES$/.test(node.name.getText())) {
      node.initializer?.forEachChild((child) => child.forEachChild(keep));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return names;
}

const isEnvironment = (node: ts.Expression): boolean =>
  /^(env|environment|processEnv)$/i.test(lastName(node));

function lastName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : "";
}
