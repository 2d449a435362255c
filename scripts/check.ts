/** `npm run check [step …]`: all that must hold before a commit is shared, in order; goes on after a failure. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatCounts, readCounts } from "./lib/testCounts.ts";

const root = resolve(import.meta.dirname, "..");
const reports = join(root, "node_modules/.cache/rollcall/tests");

interface Step {
  command: string[];
  /** Leaves its counts in a file, so that they can be added up. */
  hasTests?: boolean;
}

const npm = (script: string): string[] => ["npm", "run", "--silent", script];
const steps: Record<string, Step> = {
  format: { command: npm("format:check") },
  lint: { command: npm("lint") },
  typecheck: { command: npm("typecheck") },
  knip: { command: npm("knip") },
  test: { command: npm("test"), hasTests: true },
  build: { command: npm("build") },
  codegen: { command: [process.execPath, join(root, "scripts/codegenCheck.ts")] },
  crash: { command: npm("test:crash"), hasTests: true },
  e2e: { command: npm("test:e2e"), hasTests: true },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(", ")}. There are: ${Object.keys(steps).join(", ")}.`,
  );
  process.exit(2);
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const results: { name: string; isGood: boolean; seconds: number }[] = [];
for (const [name, { command, hasTests }] of Object.entries(steps)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n── ${name} ──`);
  const report = `--outputFile.json=${join(reports, `${name}.json`)}`;
  const flags = hasTests === true ? ["--", "--reporter=default", "--reporter=json", report] : [];
  const startedAt = performance.now();
  const isGood = await runsWell([...command, ...flags]);
  results.push({ name, isGood, seconds: (performance.now() - startedAt) / 1_000 });
}

console.log("");
for (const { name, isGood, seconds } of results) {
  console.log(
    `${isGood ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`,
  );
}
const counts = readCounts(reports);
if (counts !== null) console.log(`\n${formatCounts(counts)}`);
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;

async function runsWell([program = "", ...args]: string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd: root, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
}
