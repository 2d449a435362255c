/** Builds the page into dist/ when something that it is made of has changed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
const MOST_TRIES = 5;

/**
 * `say` hears of it when there is something to build. @throws StartError when the page cannot be built. Then, and when
 * stopped, the one before stays as it was.
 */
export async function buildPage(
  settings: Settings,
  children: Children,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const { root } = settings;
  // Only the process's own environment: the official CLI writes an address into .env.local that other computers cannot reach.
  const env = { ...process.env, VITE_CONVEX_URL: process.env.VITE_CONVEX_URL ?? "" };
  const current = fingerprint(root, INPUTS, env.VITE_CONVEX_URL);
  const dist = join(root, "dist");
  if (recordOf(dist) === current) return;
  say("Building the page (once, and after changes) …");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const next = newFolder(root);
  const flags = ["--logLevel", "warn", "--outDir", next, "--emptyOutDir"];
  const build = children.start([vite, "build", ...flags], { cwd: root, env });
  try {
    const code = await build.exit;
    if (children.isStopping) return;
    if (code !== 0)
      throw new StartError(`The page cannot be built: ${firstErrorLine(build.output())}`);
    // Another start was faster, and its page may be in use already.
    if (recordOf(dist) === current) return;
    writeFileSync(join(next, RECORD), current);
    replaceFolder(dist, next, newFolder(root));
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

function recordOf(dist: string): string | null {
  const record = join(dist, RECORD);
  return existsSync(record) ? readFileSync(record, "utf8") : null;
}

function newFolder(root: string): string {
  mkdirSync(join(root, WORKSHOP), { recursive: true });
  return mkdtempSync(join(root, WORKSHOP, "page-"));
}

/** Copied where it cannot be renamed: node_modules may be a file system of its own. */
function replaceFolder(folder: string, next: string, aside: string): void {
  try {
    swap(folder, next, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    rmSync(folder, { recursive: true, force: true });
    const record = join(next, RECORD);
    cpSync(next, folder, { recursive: true, filter: (path) => path !== record });
    // Last: where it is, all that it describes is there too.
    cpSync(record, join(folder, RECORD));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** By renaming alone, since removing takes long, and another start may put its own there meanwhile: the last one stays. */
function swap(folder: string, next: string, aside: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      if (existsSync(folder)) renameSync(folder, join(aside, String(tries)));
      renameSync(next, folder);
      return;
    } catch (error) {
      const isRace = ["ENOENT", "ENOTEMPTY", "EEXIST"].includes(
        (error as NodeJS.ErrnoException).code ?? "",
      );
      if (!isRace || tries === MOST_TRIES) throw error;
    }
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
