/** Pushes convex/ with the official CLI, which bundles and checks it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Backend } from "./backend.ts";
import type { Children } from "./children.ts";
import { fingerprint } from "./fingerprint.ts";
import type { PublicAddresses, Settings } from "./settings.ts";
import { StartError } from "./startError.ts";

const INPUTS = ["convex", "core", "convex.json", "package-lock.json"];

/** Of everything that a push depends on. Variables and addresses too: crons and auth.config are evaluated while pushing. */
export function pushFingerprint(
  root: string,
  variables: ReadonlyMap<string, string>,
  addresses: PublicAddresses,
): string {
  const { url, siteUrl } = addresses;
  return fingerprint(root, INPUTS, [[...variables].sort(), url, siteUrl]);
}

/** @throws StartError with the first error of the CLI in one line; the rest is in push.log in the data folder. */
export async function pushFunctions(
  settings: Settings,
  backend: Backend,
  children: Children,
): Promise<void> {
  const cli = join(settings.root, "node_modules/convex/bin/main.js");
  const flags = ["deploy", "--yes", "--typecheck", "disable", "--codegen", "disable"];
  const push = children.start([cli, ...flags], {
    cwd: settings.root,
    env: cliEnvironment(backend),
  });
  if ((await push.exit) === 0 || children.isStopping) return;
  const output = stripVTControlCharacters(push.output());
  const logFile = join(settings.dataDir, "push.log");
  writeFileSync(logFile, output);
  throw new StartError(`convex/ was not accepted: ${summarize(output)} (all of it: ${logFile})`);
}

/** For the official CLI: which deployment, and nothing sent to anybody else. */
export function cliEnvironment(backend: Pick<Backend, "url" | "adminKey">): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CONVEX_SELF_HOSTED_URL: backend.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: backend.adminKey,
    // Empty, not absent: .env.local may name a cloud deployment, and the CLI accepts only one of the two.
    CONVEX_DEPLOYMENT: "",
    CONVEX_DEPLOY_KEY: "",
    // Its reports of crashes and its look for a newer version would leave this machine.
    CI: "1",
    CONVEX_VERSION_API_ORIGIN: backend.url,
    NO_PROXY: [process.env.NO_PROXY, "localhost", "127.0.0.1"].filter(Boolean).join(","),
    NO_COLOR: "1",
  };
}

/** The first error of the CLI's output with its place, or what the backend answered, as one line. */
export function summarize(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const answer = lines.map((line) => /\b4\d\d Bad Request: (.+)$/.exec(line)?.[1]).find(Boolean);
  if (answer !== undefined) return answer;
  const index = lines.findIndex((line) => /\[ERROR\]|^✖|\berror\b/i.test(line));
  const error = lines[index];
  if (error === undefined) return lines.findLast((line) => line !== "") ?? "no output";
  const place = lines.slice(index + 1, index + 4).find((line) => /^\S+:\d+:\d+:?$/.test(line));
  const text = error.replace(/^[✘✖]\s*/, "").replace(/^\[ERROR\]\s*/, "");
  return place === undefined ? text : `${place.replace(/:?$/, ":")} ${text}`;
}
