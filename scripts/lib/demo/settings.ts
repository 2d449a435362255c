/** The settings of the demo: ports as ever, everything else its own. */
import { join } from "node:path";
import { SECOND } from "../../../core/time.ts";
import { readSettings, type Settings } from "../settings.ts";
import { SILENT_BEFORE_MS } from "./history.ts";

/** Nothing of the clone's .env.local and of its installation's variables gets in. */
export function demoSettings(
  root: string,
  dataDir: string,
  processEnv: NodeJS.ProcessEnv,
): Settings {
  const { PATH, HOME, ROLLCALL_PORT, ROLLCALL_SITE_PORT } = processEnv;
  return readSettings(root, {
    ...{ PATH, HOME, ROLLCALL_PORT, ROLLCALL_SITE_PORT },
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_ENV_FILE: join(dataDir, ".env.local"),
    ROLLCALL_DEMO: "true",
    MACHINE_OFFLINE_THRESHOLD: `${SILENT_BEFORE_MS / SECOND}s`,
    // Its channels send to this machine.
    ALLOW_PRIVATE_WEBHOOKS: "true",
  });
}
