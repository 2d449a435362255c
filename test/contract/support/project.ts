/** A copy of a fixture app that the official CLI works in, so that nothing it writes lands in the repository. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMPILE_CACHE } from "./backendProcess.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const modules = join(root, "node_modules");

export type Deployment = { url: string; adminKey: string };
export type CliResult = { exitCode: number; stdout: string; stderr: string };

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "contract-app-"));

  /** `fixture` is the name of a folder of test/fixtures. */
  constructor(fixture = "contractApp") {
    cpSync(join(root, "test/fixtures", fixture), this.folder, { recursive: true });
    symlinkSync(modules, join(this.folder, "node_modules"), "dir");
  }

  /** Runs `npx convex …` against a deployment. */
  cli(deployment: Deployment, ...args: string[]): Promise<CliResult> {
    const env: NodeJS.ProcessEnv = {
      PATH: process.env["PATH"],
      HOME: this.folder,
      CI: "1",
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    };
    const command = [join(modules, "convex/bin/main.js"), ...args];
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        command,
        { cwd: this.folder, env, timeout: 90_000, maxBuffer: 16 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          resolve({ exitCode, stdout, stderr });
        },
      );
    });
  }

  /** Runs the CLI and throws what it printed if it fails. */
  async mustCli(deployment: Deployment, ...args: string[]): Promise<CliResult> {
    const result = await this.cli(deployment, ...args);
    if (result.exitCode !== 0) {
      throw new Error(`convex ${args.join(" ")} failed:\n${result.stderr}\n${result.stdout}`);
    }
    return result;
  }

  /** Pushes the functions. Types are checked by the repository's own tsc, and generated code is in the repository. */
  push(deployment: Deployment): Promise<CliResult> {
    return this.mustCli(
      deployment,
      "deploy",
      "-y",
      "--typecheck",
      "disable",
      "--codegen",
      "disable",
    );
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
