/** `npm run demo [-- --machines N]`: a made-up fleet with a year of history, in a data folder that goes when it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Children } from "./lib/children.ts";
import { runDemo } from "./lib/demo/run.ts";
import { demoSettings } from "./lib/demo/settings.ts";
import { runInForeground } from "./lib/foreground.ts";

const { values } = parseArgs({ options: { machines: { type: "string", default: "60" } } });
const machines = Number(values.machines);
if (!Number.isInteger(machines) || machines < 1 || machines > 1_000) {
  console.error("Usage: npm run demo -- [--machines 1..1000]");
  process.exit(2);
}
const dataDir = mkdtempSync(join(tmpdir(), "rollcall-demo-"));
const children = new Children();
const settings = demoSettings(resolve(import.meta.dirname, ".."), dataDir, process.env);
await runInForeground(children, async () => await runDemo({ settings, children, machines }));
rmSync(dataDir, { recursive: true, force: true });
// The simulated machines would go on.
process.exit();
