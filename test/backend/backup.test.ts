/** `npm run backup` and `npm run restore`, with real processes. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import type { GenericId } from "convex/values";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackendProcess } from "../contract/support/backendProcess.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/filesApp/convex/_generated/api.js";
import { DeployedApp } from "./support/deployedApp.ts";
import { rowsOf } from "./support/importing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { files } = api;

let app: DeployedApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  app = await DeployedApp.deploy("filesApp");
});
afterAll(async () => {
  await app.dispose();
  rmSync(folder, { recursive: true });
});

/** Runs a script as npm does, for the installation of a backend. */
const run = (script: string, { dataDir, url }: { dataDir: string; url: string }, args: string[]) =>
  new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    const env = {
      PATH: process.env["PATH"],
      INIT_CWD: folder,
      ROLLCALL_ENV_FILE: join(folder, "none"),
      ROLLCALL_DATA_DIR: dataDir,
      ROLLCALL_PORT: new URL(url).port,
    };
    const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root, env });
    let output = "";
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
const backup = (name: string) => run("scripts/backup.ts", app.backend, [name]);
const restore = (backend: { dataDir: string; url: string }, ...args: string[]) =>
  run("scripts/restore.ts", backend, args);

/** Prometheus' text by the name and labels of each sample. Throws on a line that is none. */
function readMetrics(text: string): (sample: string) => number {
  const samples = new Map<string, number>();
  for (const line of text.trimEnd().split("\n")) {
    const [, name = "", value] = /^([a-z_]+(?:\{[^{}]+\})?) ([\d.e+-]+)$/.exec(line) ?? [];
    if (value !== undefined) samples.set(name, Number(value));
    else expect(line).toMatch(/^# (HELP|TYPE) [a-z_]+ /);
  }
  return (sample) => samples.get(sample) ?? Number.NaN;
}

const add = (text: string) => app.mutation(files.storeInMutation, { text });

describe("npm run backup", () => {
  it("saves one moment of a database that is being written, with its files", async () => {
    let acknowledged = 0;
    let writing = true;
    const writers = [1, 2, 3].map(async () => {
      while (writing) {
        await add(`file ${acknowledged}`);
        acknowledged++;
      }
    });
    await expect.poll(() => acknowledged).toBeGreaterThan(10);
    const before = acknowledged;
    const saved = await backup("busy.zip");
    writing = false;
    await Promise.all(writers);
    expect(saved.output).toContain("keep it safe");
    expect(saved.exitCode).toBe(0);
    expect(acknowledged).toBeGreaterThan(before);
    expect(statSync(join(folder, "busy.zip")).mode & 0o777).toBe(0o600);

    const other = new BackendProcess();
    try {
      const restored = await restore({ dataDir: other.dataDir, url: app.backend.url }, "busy.zip");
      expect(restored.output).toContain("Restored");
      expect(restored.exitCode).toBe(0);
      await other.start();
      const rows = await rowsOf(other, "attachments");
      expect(rows.length).toBeGreaterThanOrEqual(before);
      expect(rows.length).toBeLessThan(acknowledged + 3);
      // Code, environment and files came along.
      const client = new ConvexHttpClient(other.url, { logger: false });
      for (const { file } of rows) {
        const url = (await client.query(files.url, { id: file as GenericId<"_storage"> })) ?? "";
        expect(await (await fetch(url)).text()).toMatch(/^file \d+$/);
      }
      await client.mutation(files.storeInMutation, { text: "goes on" });
    } finally {
      await other.dispose();
    }
  });

  it("leaves nothing behind and never overwrites", async () => {
    expect(existsSync(join(app.backend.dataDir, "backups"))).toBe(false);
    const before = readFileSync(join(folder, "busy.zip"));
    const { exitCode, output } = await backup("busy.zip");
    expect(exitCode).toBe(1);
    expect(output).toMatch(/busy\.zip exists already/);
    expect(readFileSync(join(folder, "busy.zip")).equals(before)).toBe(true);
  });

  it("leaves nothing behind when it cannot even be noted", async () => {
    const note = join(app.backend.dataDir, "lastBackup");
    renameSync(note, `${note}.kept`);
    mkdirSync(note);
    const response = await app.admin("/api/embedded/backup", {});
    rmdirSync(note);
    renameSync(`${note}.kept`, note);
    expect(response.status).toBe(500);
    expect(existsSync(join(app.backend.dataDir, "backups"))).toBe(false);
  });

  it("says in one line when there is nothing to save", async () => {
    const nowhere = { dataDir: join(folder, "nowhere"), url: app.backend.url };
    const { exitCode, output } = await run("scripts/backup.ts", nowhere, ["x.zip"]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^There is no installation in .*nowhere\.\n$/);
  });

  it("can be seen to be made, with the rest of what /metrics tells to those who have its key", async () => {
    const { url, dataDir } = app.backend;
    const metrics = (authorization?: string) =>
      fetch(`${url}/metrics`, authorization === undefined ? {} : { headers: { authorization } });
    expect((await metrics()).status).toBe(401);
    expect((await metrics("Bearer something else")).status).toBe(401);
    expect((await metrics("Convex embedded|wrong")).status).toBe(403);
    expect((await metrics(`Convex ${app.backend.adminKey}`)).status).toBe(200);

    const key = readFileSync(join(dataDir, "metricsKey"), "utf8").trim();
    expect(statSync(join(dataDir, "metricsKey")).mode & 0o777).toBe(0o600);
    const read = readMetrics(await (await metrics(`Bearer ${key}`)).text());
    const P = "convex_embedded_";
    expect(read(`${P}functions_total{kind="mutation",outcome="ok"}`)).toBeGreaterThan(10);
    expect(read(`${P}commit_seconds_count`)).toBeGreaterThan(5);
    expect(read(`${P}commit_seconds_bucket{le="+Inf"}`)).toBe(read(`${P}commit_seconds_count`));
    expect(read(`${P}http_requests_total{server="main",status="4xx"}`)).toBeGreaterThanOrEqual(3);
    expect(read(`${P}database_bytes`)).toBe(statSync(join(dataDir, "rows.sqlite")).size);
    expect(read(`${P}last_backup_timestamp_seconds`)).toBeGreaterThan(
      read("process_start_time_seconds"),
    );
    expect(read(`${P}sync_sockets`)).toBe(0);
    // It opens nothing else.
    const asAdmin = await fetch(`${url}/api/embedded/backup`, {
      method: "POST",
      headers: { authorization: `Convex ${key}` },
    });
    expect(asAdmin.status).toBe(403);
  });

  it("is for administrators only", async () => {
    const url = `${app.backend.url}/api/embedded/backup`;
    expect((await fetch(url, { method: "POST" })).status).toBe(401);
  });
});

describe("npm run restore", () => {
  it("refuses while the installation runs, and over data without --force", async () => {
    const running = await restore(app.backend, "busy.zip", "--force");
    expect(running.exitCode).toBe(1);
    expect(running.output).toMatch(/in use by another process: stop it first/);
    const before = (await rowsOf(app.backend, "attachments")).length;
    await app.backend.kill("SIGTERM");
    const unforced = await restore(app.backend, "busy.zip");
    expect(unforced.exitCode).toBe(1);
    expect(unforced.output).toMatch(/holds data already: add --force/);
    await app.backend.start();
    expect(await rowsOf(app.backend, "attachments")).toHaveLength(before);
  });

  it("refuses what is damaged or no backup, and leaves the data alone", async () => {
    const before = (await rowsOf(app.backend, "attachments")).length;
    await app.project.mustCli(app.backend, "export", "--path", join(folder, "export.zip"));
    const damaged = Buffer.from(readFileSync(join(folder, "busy.zip")));
    damaged.fill(0x55, 2000, 2100);
    writeFileSync(join(folder, "damaged.zip"), damaged);
    await app.backend.kill("SIGTERM");
    const refusals: [string, RegExp][] = [
      ["damaged.zip", /damaged/],
      ["export.zip", /is no backup.*convex import/],
      ["missing.zip", /There is no file/],
    ];
    for (const [name, says] of refusals) {
      const { exitCode, output } = await restore(app.backend, name, "--force");
      expect(exitCode).toBe(1);
      expect(output).toMatch(says);
    }
    await app.backend.start();
    expect(await rowsOf(app.backend, "attachments")).toHaveLength(before);
  });

  it("lets clients that saw a later time come back, also one from a clock that was ahead", async () => {
    const { backend } = app;
    await backup("then.zip");
    const then = (await rowsOf(backend, "attachments")).length;
    await backend.kill("SIGTERM");
    // As if this machine's clock had been an hour ahead when the newest data was written.
    const hourNs = 3_600_000_000_000n;
    const database = new DatabaseSync(join(backend.dataDir, "rows.sqlite"));
    const lastTs = BigInt(Date.now()) * 1_000_000n + hourNs;
    database.prepare("UPDATE settings SET value = ? WHERE name = 'lastTs'").run(String(lastTs));
    database.close();
    await backend.start();

    const client = new ConvexClient(backend.url, { logger: false });
    const count = watch(client, files.attachments, {});
    await count.until((seen) => seen === then);
    await client.mutation(files.storeInMutation, { text: "after the backup" });
    await count.until((seen) => seen === then + 1);
    await backend.kill("SIGTERM");
    const restored = await restore(backend, "then.zip", "--force");
    expect(restored.output).toContain("Restored");
    await backend.start();

    await count.until((seen) => seen === then);
    await client.mutation(files.storeInMutation, { text: "after the restore" });
    await count.until((seen) => seen === then + 1);
    const rows = await rowsOf(backend, "attachments");
    const times = rows.map(({ _creationTime }) => _creationTime as number);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(BigInt(Math.floor(times.at(-1) ?? 0)) * 1_000_000n).toBeGreaterThanOrEqual(
      lastTs - 1_000_000n,
    );
    await client.close();
  });
});
