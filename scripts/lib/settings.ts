/** Where an installation lives and listens: the process's environment over .env.local over defaults. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { StartError } from "./startError.ts";

export interface Settings {
  /** The clone. */
  root: string;
  dataDir: string;
  port: number;
  sitePort: number;
  /** Where `npx convex …` looks for the deployment. */
  envFile: string;
  /** Everything that was set, for what is passed on to the deployment. */
  env: Record<string, string | undefined>;
}

const DEFAULT_PORT = "3210";
const DEFAULT_SITE_PORT = "3211";

/** @throws StartError when a port is none. */
export function readSettings(root: string, processEnv: NodeJS.ProcessEnv): Settings {
  const envFile = resolve(root, nonEmpty(processEnv.ROLLCALL_ENV_FILE) ?? ".env.local");
  const env = { ...readEnvFile(envFile), ...processEnv };
  return {
    root,
    dataDir: resolve(root, nonEmpty(env.ROLLCALL_DATA_DIR) ?? "data"),
    port: parsePort("ROLLCALL_PORT", nonEmpty(env.ROLLCALL_PORT) ?? DEFAULT_PORT),
    sitePort: parsePort(
      "ROLLCALL_SITE_PORT",
      nonEmpty(env.ROLLCALL_SITE_PORT) ?? DEFAULT_SITE_PORT,
    ),
    envFile,
    env,
  };
}

function readEnvFile(path: string): Record<string, string | undefined> {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}

function parsePort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) {
    throw new StartError(`${name} is "${text}"; right is a port from 1 to 65535.`);
  }
  return port;
}
