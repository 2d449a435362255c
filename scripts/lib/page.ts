/** Builds the page into dist/ when something that it is made of has changed. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
  "scripts/lib/agentFiles.ts",
  "public",
  "convex",
  "index.html",
  "vite.config.ts",
  "package.json",
  "package-lock.json",
];

/** @throws StartError when the page cannot be built. */
export async function buildPage(settings: Settings, children: Children): Promise<void> {
  const { root } = settings;
  // Only the process's own environment: the official CLI writes an address into .env.local that other computers cannot reach.
  const env = { ...process.env, VITE_CONVEX_URL: process.env.VITE_CONVEX_URL ?? "" };
  const current = fingerprint(root, INPUTS, env.VITE_CONVEX_URL);
  const record = join(root, "dist/.inputs");
  // Vite empties dist/ first: where the record is, all of the page that it describes is there too.
  if (existsSync(record) && readFileSync(record, "utf8") === current) return;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const build = children.start([vite, "build", "--logLevel", "warn"], { cwd: root, env });
  if ((await build.exit) !== 0 && !children.isStopping) {
    throw new StartError(`The page cannot be built: ${firstErrorLine(build.output())}`);
  }
  writeFileSync(record, current);
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
