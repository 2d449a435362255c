/** The embedded backend as a process of its own: on free ports, with a data folder that is thrown away. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../scripts/lib/freePort.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** As scripts/lib/backend.ts has it; apart, since fixtures come and go. scripts/check.ts empties it. */
export const COMPILE_CACHE = join(root, "node_modules/.cache/rollcall/tests-compiled");

type Ready = { ready: true; url: string; siteUrl: string };

const parseReady = (line: string): Ready | null => {
  if (!line.startsWith("{")) return null;
  const message = JSON.parse(line) as Partial<Ready>;
  return message.ready === true ? (message as Ready) : null;
};

/** Resolves with the line that says where the backend listens; rejects with what it printed if it ends before that. */
const untilReady = (child: ChildProcess, output: () => string) =>
  new Promise<Ready>((resolve, reject) => {
    let pending = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      pending += chunk.toString();
      const lines = pending.split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        const ready = parseReady(line);
        if (ready !== null) resolve(ready);
      }
    });
    child.once("exit", (code, signal) => {
      reject(new Error(`the backend ended before it was ready (${code ?? signal}):\n${output()}`));
    });
    child.once("error", reject);
  });

export class BackendProcess {
  readonly dataDir: string;
  /** Further arguments of its command line. */
  readonly #options: readonly string[];
  url = "";
  siteUrl = "";
  #ports: { port: number; sitePort: number } | null = null;
  #child: ChildProcess | null = null;
  #output = "";

  /** Without a folder, one is made. Either is thrown away in the end. */
  constructor(
    dataDir = mkdtempSync(join(tmpdir(), "contract-backend-")),
    options: readonly string[] = [],
  ) {
    this.dataDir = dataDir;
    this.#options = options;
  }

  static async start(dataDir?: string, options?: readonly string[]): Promise<BackendProcess> {
    const backend = new BackendProcess(dataDir, options);
    try {
      await backend.start();
    } catch (error) {
      await backend.dispose();
      throw error;
    }
    return backend;
  }

  /** Starts the process, each time on the same ports and the same data. */
  async start(): Promise<void> {
    this.#ports ??= { port: await freePort(), sitePort: await freePort() };
    const { port, sitePort } = this.#ports;
    const script = join(root, "backend/main.ts");
    const args = [script, "--data-dir", this.dataDir];
    args.push("--port", String(port), "--site-port", String(sitePort), ...this.#options);
    const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
    const child = spawn(process.execPath, args, {
      ...{ cwd: root, env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    // A test run that ends early must not leave it behind.
    const end = () => void child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const { url, siteUrl } = await untilReady(child, () => this.#output);
    this.url = url;
    this.siteUrl = siteUrl;
  }

  /** Ends the process by a signal, waits until it is gone, and returns its exit code if it had one. */
  async kill(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return gone;
  }

  /** Where it really listens, whatever address it was told to give. */
  get port(): number {
    return this.#ports?.port ?? 0;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error("the backend does not run");
    return this.#child.pid;
  }

  get adminKey(): string {
    return readFileSync(join(this.dataDir, "adminKey"), "utf8").trim();
  }

  /** The last that the process printed, for the message of a test that fails. */
  get output(): string {
    return this.#output;
  }

  async dispose(): Promise<void> {
    await this.kill("SIGKILL");
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
