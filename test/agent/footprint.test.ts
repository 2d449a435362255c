/** The agent as it is downloaded, watched from outside: what it takes of the machine, and that it only reports. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { agentFiles } from "../../scripts/lib/agentFiles.ts";
import { rssMb } from "../../bench/lib/usage.ts";
import { TOKEN } from "./fakes.ts";
import { type AgentServer, startServer } from "./server.ts";

/** The design's. Node 24 alone takes 41 of them. */
const MAX_RSS_MB = 60;
const MAX_HEARTBEAT_BYTES = 1_024;
/** As install.sh starts it. */
const FLAGS = ["--jitless", "--max-semi-space-size=1"];
/** System calls that make, change or remove something in the file system, start a program, or wait for callers. */
const TELLING = [
  "trace=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,truncate",
  "link,linkat,symlink,symlinkat,chmod,fchmodat,chown,fchownat,listen,bind,execve,execveat,fork,vfork",
].join(",");

const isLinux = process.platform === "linux";
const hasStrace = isLinux && ["/usr/bin/strace", "/bin/strace"].some((path) => existsSync(path));
let folder: string;
let program: string;
let server: AgentServer;
let agent: ChildProcess | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-footprint-"));
  program = join(folder, "agent.mjs");
  const files = await agentFiles(fileURLToPath(new URL("../..", import.meta.url)));
  writeFileSync(program, files["agent.mjs"] ?? "");
});
afterEach(async () => {
  agent?.kill("SIGKILL");
  await server.close();
});

async function start(before: string[] = []) {
  server = await startServer();
  const state = join(folder, "state");
  const [command = "", ...args] = [
    ...before,
    process.execPath,
    ...FLAGS,
    program,
    ...["--url", server.url, "--interval", "1", "--state", state],
  ];
  const child = spawn(command, args, {
    stdio: "ignore",
    env: { PATH: process.env.PATH, ROLLCALL_TOKEN: TOKEN },
  });
  agent = child;
  return { child, pid: child.pid ?? 0, state };
}

describe.runIf(isLinux)("the agent", () => {
  it("takes no more memory and sends no more bytes than it may", async () => {
    const { pid } = await start();
    const { body } = await server.waitFor((request) => request.body.sequence === 4);
    expect(JSON.stringify(body).length).toBeLessThanOrEqual(MAX_HEARTBEAT_BYTES);
    expect(rssMb(pid)).toBeLessThanOrEqual(MAX_RSS_MB);
  });

  it("S4.5 opens no port, starts no program, and has no file open for writing", async () => {
    const { pid } = await start();
    await server.waitFor(({ body }) => body.sequence === 2);
    expect(listeningSocketsOf(pid)).toEqual([]);
    expect(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()).toBe("");
    expect(openForWriting(pid)).toEqual([]);
  });
});

describe.runIf(hasStrace)("S4.5 every system call of the agent", () => {
  it("shows that it writes nothing but its buffer, starts no program and listens nowhere", async () => {
    const trace = join(folder, "trace");
    const { child, state } = await start(["strace", "-f", "-qq", "-e", TELLING, "-o", trace]);
    await server.waitFor(({ body }) => body.sequence === 2);
    await server.close();
    // With nobody to report to, it begins to write its buffer.
    await expect.poll(() => existsSync(state) && readdirSync(state).length, slow).toBe(1);
    child.kill("SIGTERM");
    await once(child, "exit");
    const calls = readFileSync(trace, "utf8")
      .split("\n")
      .filter((line) => line.includes("("));
    const telling = calls.filter((line) => !/ = -1 E/.test(line) && !isHarmless(line));
    // The first is the start of the agent itself, by strace.
    expect(telling.slice(0, 1)).toEqual([expect.stringContaining("execve(")]);
    expect(telling.length).toBeGreaterThan(1);
    expect(telling.slice(1).filter((line) => !line.includes(`"${state}`))).toEqual([]);
    server = await startServer();
  });
});

const slow = { timeout: 20_000 };

/** An open without any flag that writes, or a question to the kernel about its own addresses. */
function isHarmless(line: string): boolean {
  if (/\bbind\(.*AF_NETLINK/.test(line)) return true;
  return /\bopen(at|at2)?\(/.test(line) && !/O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(line);
}

function listeningSocketsOf(pid: number): string[] {
  const inodes = new Set(
    linksOf(pid).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []),
  );
  const LISTEN = "0A";
  return ["tcp", "tcp6", "udp", "udp6"].flatMap((kind) => {
    const rows = readFileSync(`/proc/${pid}/net/${kind}`, "utf8").trim().split("\n").slice(1);
    return rows.filter((row) => {
      const columns = row.trim().split(/\s+/);
      const isOpen = kind.startsWith("udp") || columns[3] === LISTEN;
      return isOpen && inodes.has(columns[9] ?? "");
    });
  });
}

function linksOf(pid: number): string[] {
  return openFiles(pid).flatMap((fd) => ifOpen(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));
}

/** Regular files only: standard output goes to /dev/null here. */
function openForWriting(pid: number): string[] {
  return openFiles(pid)
    .filter((fd) => {
      const [info = ""] = ifOpen(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"));
      return (parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? "0", 8) & 3) !== 0;
    })
    .flatMap((fd) => ifOpen(() => readlinkSync(`/proc/${pid}/fd/${fd}`)))
    .filter((path) => path.startsWith("/") && !path.startsWith("/dev/"));
}

function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`);
}

/** Nothing where the agent has closed it since it was listed. */
function ifOpen(read: () => string): string[] {
  try {
    return [read()];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
