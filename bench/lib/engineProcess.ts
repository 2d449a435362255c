/** The embedded backend alone, with the engine app pushed by the official CLI, pinned to the server's core. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../../scripts/lib/freePort.ts";
import { pinned } from "../../scripts/lib/temporaryInstallation.ts";
import { SERVER_CPU } from "./load.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const APP = join(ROOT, "bench/engineApp");

export class EngineProcess {
  readonly dataDir = mkdtempSync(join(tmpdir(), "rollcall-engine-"));
  port = 0;
  sitePort = 0;
  pid = 0;
  /** From the start of the process until it listened. */
  readyMs = 0;
  #exit: Promise<unknown> = Promise.resolve();

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.port ||= await freePort();
    this.sitePort ||= await freePort();
    const startedAt = performance.now();
    const [program = "", ...args] = pinned(SERVER_CPU, [
      process.execPath,
      join(ROOT, "backend/main.ts"),
      ...["--data-dir", this.dataDir],
      ...["--port", String(this.port), "--site-port", String(this.sitePort)],
    ]);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.pid = child.pid ?? 0;
    this.#exit = once(child, "exit");
    await once(createInterface({ input: child.stdout }), "line");
    this.readyMs = performance.now() - startedAt;
  }

  /** Pushes the app with the official command line. */
  async deploy(): Promise<void> {
    const flags = ["deploy", "-y", "--typecheck", "disable", "--codegen", "disable"];
    const child = spawn(
      process.execPath,
      [join(ROOT, "node_modules/convex/bin/main.js"), ...flags],
      {
        cwd: APP,
        stdio: "ignore",
        env: {
          ...process.env,
          CONVEX_SELF_HOSTED_URL: this.url,
          CONVEX_SELF_HOSTED_ADMIN_KEY: readFileSync(join(this.dataDir, "adminKey"), "utf8").trim(),
        },
      },
    );
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error("The engine app could not be pushed.");
  }

  async stop(): Promise<void> {
    if (this.pid === 0) return;
    process.kill(this.pid, "SIGTERM");
    this.pid = 0;
    await this.#exit;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
