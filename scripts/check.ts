/** `npm run check [step …]`: all that must hold before a commit is shared, phase by phase; goes on after a failure. */
import { spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { countTests, formatCounts, listFailures, readResults } from "./lib/testReports.ts";

const root = resolve(import.meta.dirname, "..");
const reports = join(root, "node_modules/.cache/rollcall/tests");
/** Shared by the many processes of all steps. Emptied before each run: fixtures leave modules of folders that are gone. */
const compiled = join(root, "node_modules/.cache/rollcall/tests-compiled");

const MOST_REPEATED_FILES = 3;

interface Step {
  command: string[];
  /** Leaves its counts in a file, so that they can be added up. */
  hasTests?: boolean;
  /** Added to the environment, where it does not say something else. */
  env?: Record<string, string>;
}

const npm = (script: string): string[] => ["npm", "run", "--silent", script];
const steps: Record<string, Step> = {
  format: { command: npm("format:check") },
  lint: { command: npm("lint") },
  typecheck: { command: npm("typecheck") },
  knip: { command: npm("knip") },
  test: { command: npm("test"), hasTests: true },
  build: { command: [process.execPath, join(root, "scripts/page.ts")] },
  codegen: { command: [process.execPath, join(root, "scripts/codegenCheck.ts")] },
  // Hundreds of kills when it is called by hand, a few here.
  crash: { command: npm("test:crash"), hasTests: true, env: { CRASH_ROUNDS: "3" } },
  axe: { command: npm("test:axe"), hasTests: true },
  e2e: { command: npm("test:journeys"), hasTests: true },
};
/** One phase after the other; the lanes of a phase at the same time, since each keeps one core busy. */
const phases = [
  [["lint"], ["format", "typecheck", "knip", "build", "codegen"]],
  [["test"]],
  [["axe", "crash"], ["e2e"]],
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(", ")}. There are: ${Object.keys(steps).join(", ")}.`,
  );
  process.exit(2);
}

rmSync(reports, { recursive: true, force: true });
rmSync(compiled, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const results: { name: string; isGood: boolean; seconds: number }[] = [];
for (const lanes of phases) {
  const isShared = lanes.filter((lane) => lane.some(isChosen)).length > 1;
  await Promise.all(lanes.map((lane) => runLane(lane.filter(isChosen), isShared)));
}
const unsteady = listFailures(readResults(results.map(({ name }) => reportOf(name))));
await repeatFailures();

console.log("");
for (const { name, isGood, seconds } of results) {
  console.log(
    `${isGood ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`,
  );
}
const files = readResults(
  results.flatMap(({ name }) => [reportOf(name), reportOf(`${name}-again`)]),
);
const failed = listFailures(files);
// Last, so that whoever sees no more than the end of a long log sees what to look at.
for (const { file, title, message } of unsteady) {
  const isStill = failed.some((failure) => failure.file === file && failure.title === title);
  const verdict = isStill ? "failed" : "failed, then passed alone";
  console.log(`\n${verdict}: ${relative(root, file)} › ${title}\n  ${message}`);
}
if (files.length > 0) console.log(`\n${formatCounts(countTests(files))}`);
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;

function reportOf(name: string): string {
  return join(reports, `${name}.json`);
}

/**
 * Runs the files that failed once more, alone: what passes then needs more patience on a busy machine. It is named at
 * the end all the same. Many files that fail are a fault and no mischance: they are left as they are.
 */
async function repeatFailures(): Promise<void> {
  for (const result of results.filter(({ isGood }) => !isGood)) {
    const step = steps[result.name];
    if (step === undefined) continue;
    const failures = listFailures(readResults([reportOf(result.name)]));
    const files = [...new Set(failures.map(({ file }) => relative(root, file)))];
    if (files.length === 0 || files.length > MOST_REPEATED_FILES) continue;
    console.log(`\n── ${result.name}, once more: ${files.join(", ")} ──`);
    const again = await runStep(step, reportOf(`${result.name}-again`), false, files);
    result.isGood = again.isGood;
  }
}

function isChosen(name: string): boolean {
  return chosen.length === 0 || chosen.includes(name);
}

/** Beside another lane a step's output is shown when it ends, so that the two do not mix. */
async function runLane(names: string[], isShared: boolean): Promise<void> {
  for (const name of names) {
    const step = steps[name];
    if (step === undefined) continue;
    const startedAt = performance.now();
    if (!isShared) console.log(`\n── ${name} ──`);
    const { isGood, output } = await runStep(step, reportOf(name), isShared);
    if (isShared) console.log(`\n── ${name} ──\n${output}`);
    results.push({ name, isGood, seconds: (performance.now() - startedAt) / 1_000 });
  }
}

function runStep(step: Step, report: string, isCollected: boolean, files: string[] = []) {
  const flags = ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [...step.command, ...(step.hasTests === true ? [...flags, ...files] : [])];
  return run(command, { env: step.env, isCollected });
}

async function run(
  [program = "", ...args]: string[],
  { env, isCollected }: { env: Step["env"]; isCollected: boolean },
): Promise<{ isGood: boolean; output: string }> {
  const stdio: StdioOptions = isCollected ? ["ignore", "pipe", "pipe"] : "inherit";
  const child = spawn(program, args, {
    cwd: root,
    stdio,
    env: { NODE_COMPILE_CACHE: compiled, ...env, ...process.env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { isGood: code === 0, output };
}
