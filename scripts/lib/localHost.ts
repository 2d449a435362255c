/** LOCAL_HOST_METRICS: the server's own host as a machine, reported by the same agent as every other (S4.6). */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeFunctionReference } from "convex/server";
import { nanoid } from "nanoid";
import { formatToken, type MachineToken, parseToken, SECRET_MIN_LENGTH } from "../../core/token.ts";
import type { Backend } from "./backend.ts";
import type { Children } from "./children.ts";
import { adminClient } from "./deployment.ts";
import type { Settings } from "./settings.ts";

/** Before the first sign-up there is no workspace to put it in. */
const LOOK_AGAIN_MS = 3_000;

const ensure = makeFunctionReference<
  "mutation",
  { machineId: string; secretHash: string; name: string },
  boolean
>("jobs/localHost:ensure");
const forget = makeFunctionReference<"mutation", { machineId: string }, null>(
  "jobs/localHost:forget",
);

/**
 * Makes the installation show this host, or forget it, as the setting says. Never rejects: the installation works
 * without. Returns when the agent has ended.
 */
export async function followLocalHost(
  settings: Settings,
  backend: Backend,
  children: Children,
): Promise<void> {
  const client = adminClient(backend);
  const tokenFile = join(settings.dataDir, "localHostToken");
  try {
    if (isWanted(settings)) {
      const { machineId, secret } = readOrMakeToken(tokenFile);
      const secretHash = createHash("sha256").update(secret).digest("hex");
      const host = { machineId, secretHash, name: os.hostname() };
      while (!children.isStopping && !(await client.mutation(ensure, host))) {
        await wait(LOOK_AGAIN_MS, undefined, { ref: false });
      }
      if (!children.isStopping) await runAgent({ settings, backend, children, tokenFile });
    } else {
      const token = readToken(tokenFile);
      if (token !== null) await client.mutation(forget, { machineId: token.machineId });
      rmSync(tokenFile, { force: true });
    }
  } catch (error) {
    if (children.isStopping) return;
    console.error("LOCAL_HOST_METRICS:", error instanceof Error ? error.message : error);
  }
}

function isWanted({ env }: Settings): boolean {
  return env["LOCAL_HOST_METRICS"]?.trim() === "true";
}

function readToken(path: string): MachineToken | null {
  return existsSync(path) ? parseToken(readFileSync(path, "utf8")) : null;
}

/** The same machine at each start. */
function readOrMakeToken(path: string): MachineToken {
  const existing = readToken(path);
  if (existing !== null) return existing;
  const token = { machineId: nanoid(), secret: nanoid(SECRET_MIN_LENGTH) };
  writeFileSync(path, formatToken(token), { mode: 0o600 });
  return token;
}

async function runAgent(options: {
  settings: Settings;
  backend: Backend;
  children: Children;
  tokenFile: string;
}): Promise<void> {
  const { settings, backend, children, tokenFile } = options;
  const { root } = settings;
  const agent = children.start(
    [
      ...["--import", join(root, "scripts/lib/endWithParent.ts"), join(root, "agent/main.ts")],
      ...["--url", backend.siteUrl, "--token-file", tokenFile],
    ],
    {
      cwd: root,
      // What may stand there is for the agent of another installation.
      env: { ...process.env, ROLLCALL_TOKEN: "", ROLLCALL_ENROLMENT_KEY: "" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  const code = await agent.exit;
  if (!children.isStopping) console.error(`LOCAL_HOST_METRICS: the agent ended (${code}).`);
}
