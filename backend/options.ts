/** Command line and environment of the backend process, read once. */
import { parseArgs } from "node:util";
import type { LogFormat } from "./log.ts";
import { readThreadLimits, type ThreadLimits } from "./runtime/threadLimits.ts";

export type BackendOptions = {
  dataDir: string;
  port: number;
  sitePort: number;
  host: string | null;
  staticDir: string | null;
  /** What the page is served with: directives of its content security policy, and headers. */
  pagePolicy: string[];
  pageHeaders: string[];
  /** Public addresses, when a reverse proxy stands in front. */
  cloudOrigin: string | null;
  siteOrigin: string | null;
  /** Origins of pages that are served elsewhere and may open sync sockets. */
  allowedOrigins: string[];
  limits: ThreadLimits;
  logFormat: LogFormat;
};

/** Throws with one line that says what is wrong. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): BackendOptions {
  const { values } = parseArgs({
    args,
    options: {
      "data-dir": { type: "string" },
      port: { type: "string" },
      "site-port": { type: "string" },
      host: { type: "string" },
      "static-dir": { type: "string" },
      "page-policy": { type: "string", multiple: true },
      "page-header": { type: "string", multiple: true },
      "cloud-origin": { type: "string" },
      "site-origin": { type: "string" },
      "allow-origin": { type: "string", multiple: true },
      limit: { type: "string", multiple: true },
      log: { type: "string", default: "text" },
    },
  });
  return {
    dataDir: values["data-dir"] ?? environment["CONVEX_EMBEDDED_DATA_DIR"] ?? "./data",
    port: portOf("--port", values.port, 3210),
    sitePort: portOf("--site-port", values["site-port"], 3211),
    host: values.host ?? null,
    staticDir: values["static-dir"] ?? null,
    pagePolicy: values["page-policy"] ?? [],
    pageHeaders: values["page-header"] ?? [],
    cloudOrigin: values["cloud-origin"] ?? null,
    siteOrigin: values["site-origin"] ?? null,
    allowedOrigins: values["allow-origin"] ?? [],
    limits: readThreadLimits(values.limit ?? []),
    logFormat: logFormatOf(values.log),
  };
}

function logFormatOf(text: string): LogFormat {
  if (text === "text" || text === "json") return text;
  throw new Error(`--log must be text or json, not "${text}".`);
}

function portOf(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} must be a port between 0 and 65535, not "${text}".`);
}
