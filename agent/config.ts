/**
 * What the agent was told: flags over environment over token file, checked once, here. Reads no clock and no
 * network; what is wrong comes back as one sentence that also says what would be right.
 */
import { parseDurationMs } from "../core/durations.ts";
import { isKey } from "../core/keys.ts";
import { parseToken } from "../core/token.ts";
import { SECOND } from "../core/time.ts";
import { parseArgs } from "./builtins.ts";

export interface AgentConfig {
  /** Without a slash at the end; may carry a path (`https://rollcall.example.com/http`). */
  url: string;
  /** null: the machine enrols itself with the key. */
  token: string | null;
  enrolmentKey: string | null;
  /** null: the server's interval for this machine counts. */
  intervalMs: number | null;
  timeoutMs: number;
  maxFailures: number;
  /** The file systems whose use is reported; one alone brings all local ones with it. */
  diskPaths: string[];
  rootDirectory: string;
  maxServers: number | null;
  gaugesFile: string | null;
  /** Where the buffer survives a restart; null: in memory only. */
  stateDirectory: string | null;
}

export type ConfigResult =
  | { kind: "run"; config: AgentConfig; warnings: string[] }
  | { kind: "help"; text: string }
  | { kind: "version" }
  | { kind: "wrong"; message: string };

export interface ConfigSources {
  argv: string[];
  env: Record<string, string | undefined>;
  cwd: string;
  /** Throws when the file cannot be read, as fs.readFileSync does. */
  readFile: (path: string) => string;
}

/** Longer than any network round trip that still helps, shorter than an interval (S2.3). */
const DEFAULT_TIMEOUT = "10s";
const DEFAULT_MAX_FAILURES = "3";
const INTERVAL_LIMITS_MS = { min: SECOND, max: 24 * 60 * 60 * SECOND };

export const helpText = `Reports this machine to Rollcall. It opens no port and runs nothing that the server sends.

Usage: npm run agent -- --url <address> --token <machineId:secret>

  --url <address>       ROLLCALL_URL            where agents report, e.g. http://localhost:3211
  --token <token>       ROLLCALL_TOKEN          machineId:secret, as shown once by "Add machine"
  --token-file <path>   ROLLCALL_TOKEN_FILE     a file that holds only the token
  --enrolment-key <key> ROLLCALL_ENROLMENT_KEY  without a token: the machine adds itself with this key
  --interval <time>     HEARTBEAT_INTERVAL      between heartbeats (default: the server's choice, else 60s)
  --timeout <time>      HEARTBEAT_TIMEOUT       for one request (default 10s)
  --max-failures <n>    MAX_HEARTBEAT_FAILURES  failed heartbeats before registering again (default 3)
  --disk <path,...>     ROLLCALL_DISK           whose file systems are reported (default / and all local ones)
  --root <path>         ROLLCALL_ROOT           reported as the root directory (default: the current one)
  --max-servers <n>     MAX_SERVERS             reported as the capacity
  --gauges <path>       ROLLCALL_GAUGES_FILE    JSON file of names and numbers, read at each heartbeat
  --state <folder>      ROLLCALL_STATE          keeps what could not be sent over a restart (default: what systemd gives)
  --version, --help

Flags win over the environment, the environment over the token file. Times read as 30s, 2m, 1h, or plain seconds.`;

const options = {
  url: { type: "string" },
  token: { type: "string" },
  "token-file": { type: "string" },
  "enrolment-key": { type: "string" },
  interval: { type: "string" },
  timeout: { type: "string" },
  "max-failures": { type: "string" },
  disk: { type: "string" },
  root: { type: "string" },
  "max-servers": { type: "string" },
  gauges: { type: "string" },
  state: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

class Wrong extends Error {}

/** Reads and checks the configuration. Never throws for what a person typed. */
export function readConfig(sources: ConfigSources): ConfigResult {
  try {
    const { values } = parseArgs({ args: sources.argv, options, strict: true });
    if (values.help === true) return { kind: "help", text: helpText };
    if (values.version === true) return { kind: "version" };
    const setting = (flag: Exclude<keyof typeof values, "help" | "version">, name: string) =>
      nonEmpty(values[flag]) ?? nonEmpty(sources.env[name]);
    const url = parseUrl(setting("url", "ROLLCALL_URL"));
    const config: AgentConfig = {
      url,
      ...readCredential(setting, sources),
      intervalMs: parseInterval(setting("interval", "HEARTBEAT_INTERVAL")),
      timeoutMs: parseTime(setting("timeout", "HEARTBEAT_TIMEOUT") ?? DEFAULT_TIMEOUT, "--timeout"),
      maxFailures: parseCount(
        setting("max-failures", "MAX_HEARTBEAT_FAILURES") ?? DEFAULT_MAX_FAILURES,
        { name: "--max-failures (MAX_HEARTBEAT_FAILURES)", min: 1 },
      ),
      diskPaths: parseList(setting("disk", "ROLLCALL_DISK") ?? "/"),
      rootDirectory: setting("root", "ROLLCALL_ROOT") ?? sources.cwd,
      maxServers: parseOptionalCount(setting("max-servers", "MAX_SERVERS")),
      gaugesFile: setting("gauges", "ROLLCALL_GAUGES_FILE") ?? null,
      // systemd names the folder that it made for StateDirectory=.
      stateDirectory: setting("state", "ROLLCALL_STATE") ?? sources.env.STATE_DIRECTORY ?? null,
    };
    return { kind: "run", config, warnings: warningsFor(config) };
  } catch (error) {
    if (error instanceof Wrong || isArgumentError(error)) {
      return { kind: "wrong", message: error.message };
    }
    throw error;
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE");
}

function parseUrl(text: string | undefined): string {
  if (text === undefined) {
    throw new Wrong("No address. Give --url or ROLLCALL_URL, e.g. http://localhost:3211.");
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new Wrong(
      `The address "${text}" is no http(s) URL. Right is e.g. http://localhost:3211.`,
    );
  }
  if (url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new Wrong(`The address "${url.host}" must have no user name, "?" or "#" in it.`);
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

type SettingReader = (
  flag: "token" | "token-file" | "enrolment-key",
  name: string,
) => string | undefined;

/** An enrolment key may stand wherever a token may. */
function readCredential(
  setting: SettingReader,
  sources: ConfigSources,
): Pick<AgentConfig, "token" | "enrolmentKey"> {
  const given = setting("token", "ROLLCALL_TOKEN");
  const path = setting("token-file", "ROLLCALL_TOKEN_FILE");
  const key = setting("enrolment-key", "ROLLCALL_ENROLMENT_KEY");
  const text = given ?? (path === undefined ? key : readTokenFile(path, sources));
  if (text === undefined) {
    throw new Wrong(
      "No token. Give --token, ROLLCALL_TOKEN or --token-file; it looks like machineId:secret.",
    );
  }
  if (isKey("enrolment", text)) return { token: null, enrolmentKey: text };
  // The text itself is never repeated: it may be a mistyped secret, and this line ends up in logs.
  if (text === key) {
    throw new Wrong("The enrolment key is malformed. Right is rce_ and 32 characters or more.");
  }
  if (parseToken(text) === null) {
    const where = given === undefined ? `in ${path}` : "given";
    throw new Wrong(
      `The token ${where} is malformed. Right is machineId:secret: 21 characters, a colon, then 32 to 128 characters (letters, digits, _ and -).`,
    );
  }
  return { token: text, enrolmentKey: null };
}

function readTokenFile(path: string, sources: ConfigSources): string {
  try {
    return sources.readFile(path).trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Wrong(`The token file cannot be read: ${why}.`, { cause: error });
  }
}

function parseTime(text: string, name: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) {
    throw new Wrong(
      `${name} "${text}" is no time. Right is e.g. 30s, 2m, 1h, or seconds as a number.`,
    );
  }
  return durationMs;
}

function parseInterval(text: string | undefined): number | null {
  if (text === undefined) return null;
  const name = "--interval (HEARTBEAT_INTERVAL)";
  const intervalMs = parseTime(text, name);
  if (intervalMs < INTERVAL_LIMITS_MS.min || intervalMs > INTERVAL_LIMITS_MS.max) {
    throw new Wrong(`${name} "${text}" must be between 1s and 24h.`);
  }
  return intervalMs;
}

function parseCount(text: string, { name, min }: { name: string; min: number }): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < min) {
    throw new Wrong(`${name} "${text}" must be a whole number from ${min}.`);
  }
  return Number(text);
}

function parseList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function parseOptionalCount(text: string | undefined): number | null {
  return text === undefined
    ? null
    : parseCount(text, { name: "--max-servers (MAX_SERVERS)", min: 0 });
}

function warningsFor({ url }: AgentConfig): string[] {
  const { protocol, hostname } = new URL(url);
  const isLocal = /^(localhost|127\..*|\[::1\])$/.test(hostname);
  return protocol === "http:" && !isLocal
    ? [`${url} is not encrypted: whoever listens on the way can read the token. Use https.`]
    : [];
}
