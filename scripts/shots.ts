/**
 * `npm run shots`: pictures of every page and dialog of the demo, in both themes and three widths, to be reviewed by eye.
 *
 * Nothing is compared with earlier pictures, and none is committed: fonts, their hinting and the demo's own chance differ
 * from machine to machine and from minute to minute, so a comparison pixel by pixel would fail for no reason, and people
 * would learn to accept whatever it shows. What can be decided by rule is decided by test/e2e/accessibility.test.ts.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launchBrowser } from "../test/support/browser.ts";
import { Children } from "./lib/children.ts";
import { runDemo } from "./lib/demo/run.ts";
import { demoSettings } from "./lib/demo/settings.ts";
import { freePort } from "./lib/freePort.ts";
import { openStudio } from "./lib/shots/studio.ts";
import { scenes } from "./lib/shots/scenes.ts";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    /** Of a demo that runs already; one is started where none is given. */
    url: { type: "string" },
    out: { type: "string", default: join(root, "shots") },
    /** Parts of the names of scenes, separated by commas. */
    only: { type: "string", default: "" },
    widths: { type: "string", default: "390,768,1440" },
    themes: { type: "string", default: "light,dark" },
    contrast: { type: "string", default: "usual" },
    language: { type: "string", default: "en" },
    /** Also asks axe, and says what it finds. */
    axe: { type: "boolean", default: false },
  },
});

const children = new Children();
const dataDir = mkdtempSync(join(tmpdir(), "rollcall-shots-"));
const browser = await launchBrowser();
try {
  const studio = await openStudio(browser, {
    url: values.url ?? (await startDemo()),
    out: resolve(values.out),
    widths: values.widths.split(",").map(Number),
    themes: values.themes.split(","),
    contrast: values.contrast,
    language: values.language,
    isAskingAxe: values.axe,
  });
  mkdirSync(values.out, { recursive: true });
  const wanted = values.only.split(",");
  for (const scene of scenes) {
    if (wanted.some((part) => scene.name.includes(part))) await studio.take(scene);
  }
  console.log(`${studio.taken()} pictures are in ${resolve(values.out)}`);
} finally {
  await browser.close();
  await children.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
// The simulated machines would go on.
process.exit();

async function startDemo(): Promise<string> {
  const [port, sitePort] = [await freePort(), await freePort()];
  const env = { ...process.env, ROLLCALL_PORT: `${port}`, ROLLCALL_SITE_PORT: `${sitePort}` };
  await runDemo({ settings: demoSettings(root, dataDir, env), children, machines: 60 });
  return `http://127.0.0.1:${port}`;
}
