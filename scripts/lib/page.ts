/** Builds the page into dist/ when something that it is made of has changed. */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Children } from "./children.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Settings } from "./settings.ts";
import { StartError } from "./startError.ts";

const INPUTS = [
  "src",
  "core",
  "agent",
  // What vite.config.ts imports.
  "scripts/lib/adoptedStyles.ts",
  "scripts/lib/agentFiles.ts",
  "scripts/lib/frame.ts",
  "public",
  "convex",
  "index.html",
  "vite.config.ts",
  "package.json",
  "package-lock.json",
];

/** Where a page is built, before it takes the place of the one that browsers are given meanwhile. */
const WORKSHOP = "node_modules/.cache/rollcall";
const RECORD = ".inputs";

/** @throws StartError when the page cannot be built. Then, and when stopped, the one before stays as it was. */
export async function buildPage(settings: Settings, children: Children): Promise<void> {
  const { root } = settings;
  // Only the process's own environment: the official CLI writes an address into .env.local that other computers cannot reach.
  const env = { ...process.env, VITE_CONVEX_URL: process.env.VITE_CONVEX_URL ?? "" };
  const current = fingerprint(root, INPUTS, env.VITE_CONVEX_URL);
  const record = join(root, "dist", RECORD);
  if (existsSync(record) && readFileSync(record, "utf8") === current) return;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const next = join(root, WORKSHOP, `page-${process.pid}`);
  const flags = ["--logLevel", "warn", "--outDir", next, "--emptyOutDir"];
  const build = children.start([vite, "build", ...flags], { cwd: root, env });
  try {
    const code = await build.exit;
    if (children.isStopping) return;
    if (code !== 0)
      throw new StartError(`The page cannot be built: ${firstErrorLine(build.output())}`);
    writeFileSync(join(next, RECORD), current);
    replaceFolder(join(root, "dist"), next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Copied where it cannot be renamed: node_modules may be a file system of its own. */
function replaceFolder(folder: string, next: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(next, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const record = join(next, RECORD);
    cpSync(next, folder, { recursive: true, filter: (path) => path !== record });
    // Last: where it is, all that it describes is there too.
    cpSync(record, join(folder, RECORD));
  }
}

/** Vite's first error; its own headline says only that there are some. */
export function firstErrorLine(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim());
  const isHeadline = (line: string) => /^(✗|error during build:|build failed)/i.test(line);
  const fits = [/^\[[A-Z_]+\]/, /error/i, /./].map((pattern) =>
    lines.find((line) => pattern.test(line) && !isHeadline(line)),
  );
  return fits.find((line) => line !== undefined) ?? "no output";
}
