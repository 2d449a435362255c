/** How many containers run here, as Docker (or what speaks like it) tells over its socket. */
import { http } from "../builtins.ts";
import type { Reader } from "./collector.ts";

const DEFAULT_SOCKET = "/var/run/docker.sock";
const UNIX_PREFIX = "unix://";
/** Docker answers within milliseconds; a heartbeat does not wait for one that hangs. */
const TIMEOUT_MS = 2_000;
/** Docker writes 1 to 4 KB per container. More than a thousand of them are not worth the agent's memory. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** The socket's path; null where DOCKER_HOST names another machine. */
export function dockerSocket(env: Record<string, string | undefined>): string | null {
  const host = env["DOCKER_HOST"]?.trim() ?? "";
  if (host === "") return DEFAULT_SOCKET;
  return host.startsWith(UNIX_PREFIX) ? host.slice(UNIX_PREFIX.length) : null;
}

/** Never rejects: most machines have no Docker, or one that the agent may not ask, and that is no news. */
export async function readContainers(
  socketPath: string,
  { timeoutMs = TIMEOUT_MS, maxBytes = MAX_ANSWER_BYTES } = {},
): ReturnType<Reader> {
  try {
    const answer = await get({ socketPath, timeoutMs, maxBytes });
    const running: unknown = JSON.parse(answer);
    return Array.isArray(running) ? { metrics: { containerCount: running.length } } : {};
  } catch {
    return {};
  }
}

/** Docker's list without parameters holds the running ones only. */
async function get(options: {
  socketPath: string;
  timeoutMs: number;
  maxBytes: number;
}): Promise<string> {
  const { socketPath, timeoutMs, maxBytes } = options;
  return await new Promise((resolve, reject) => {
    const asking = http.request({
      socketPath,
      path: "/containers/json",
      headers: { host: "docker" },
      agent: false,
      // Of the whole exchange: a trickle of bytes does not prolong it.
      signal: AbortSignal.timeout(timeoutMs),
    });
    asking.on("error", reject);
    asking.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) asking.destroy(new Error(`more than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString("utf8"));
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    asking.end();
  });
}
