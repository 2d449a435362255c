/** Fails when convex/_generated is not what the official code generator makes of convex/ now. Leaves the new one in place. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startBackend } from "./lib/backend.ts";
import { Children } from "./lib/children.ts";
import { fingerprint } from "./lib/fingerprint.ts";
import { freePort } from "./lib/freePort.ts";
import { cliEnvironment } from "./lib/push.ts";
import { readSettings } from "./lib/settings.ts";
import { StartError } from "./lib/startError.ts";

const root = resolve(import.meta.dirname, "..");
const dataDir = mkdtempSync(join(tmpdir(), "rollcall-codegen-"));
const children = new Children();

try {
  const settings = readSettings(root, {
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_PORT: String(await freePort()),
    ROLLCALL_SITE_PORT: String(await freePort()),
  });
  const backend = await startBackend(settings, children);
  const before = fingerprint(root, ["convex/_generated"]);
  const cli = join(root, "node_modules/convex/bin/main.js");
  const codegen = children.start([cli, "codegen", "--typecheck", "disable"], {
    cwd: root,
    env: cliEnvironment(backend),
  });
  if ((await codegen.exit) !== 0)
    throw new StartError(`convex codegen failed:\n${codegen.output()}`);
  if (fingerprint(root, ["convex/_generated"]) !== before) {
    throw new StartError("convex/_generated was out of date. It is regenerated now: commit it.");
  }
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
} finally {
  await children.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
