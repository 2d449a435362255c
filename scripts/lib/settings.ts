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
  /** Of the backend's log: "text" or "json". */
  logFormat: string;
  /** Where others reach it, when that is not this machine's own address. */
  public: PublicAddresses | null;
  /** Everything that was set, for what is passed on to the deployment. */
  env: Record<string, string | undefined>;
}

export interface PublicAddresses {
  /** Origin of page and Convex API. */
  url: string;
  /** Where agents report; may have a path. */
  siteUrl: string;
}

const DEFAULT_PORT = "3210";
const DEFAULT_SITE_PORT = "3211";

/** @throws StartError when a port or an address is none. */
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
    logFormat: nonEmpty(env.ROLLCALL_LOG) ?? "text",
    public: readPublic(nonEmpty(env.SITE_URL), nonEmpty(env.ROLLCALL_AGENT_URL)),
    env,
  };
}

function readEnvFile(path: string): Record<string, string | undefined> {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}

/**
 * Under SITE_URL page and API are reached, and under its `/http` agents report, unless ROLLCALL_AGENT_URL says where
 * else. An address of this machine tells nothing to others: then each port has its own, as without any setting.
 */
function readPublic(
  siteUrl: string | undefined,
  agentUrl: string | undefined,
): PublicAddresses | null {
  const page = siteUrl === undefined ? null : parseAddress("SITE_URL", siteUrl);
  const agents = agentUrl === undefined ? null : parseAddress("ROLLCALL_AGENT_URL", agentUrl);
  const isLocal = page === null || /^(localhost|127\.[\d.]+|\[::1\])$/.test(page.hostname);
  if (isLocal) {
    if (agents === null) return null;
    throw new StartError("ROLLCALL_AGENT_URL needs SITE_URL, the public address of the page.");
  }
  const written = agents === null ? `${page.origin}/http` : agents.href;
  return { url: page.origin, siteUrl: written.replace(/\/+$/, "") };
}

function parseAddress(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new StartError(`${name} is "${text}"; right is an address such as https://example.com.`);
}

function parsePort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) {
    throw new StartError(`${name} is "${text}"; right is a port from 1 to 65535.`);
  }
  return port;
}
