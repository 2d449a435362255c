/** What cannot be started says why in one line and ends; a disk that fills up costs writes, and nothing else. */
import { spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { ConvexClient } from "convex/browser";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deployContractApp, type Deployed } from "../contract/support/backendImplementation.ts";
import { BackendProcess } from "../contract/support/backendProcess.ts";
import { failure } from "../contract/support/failure.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import { canMount, mountSmallDisk, type SmallDisk } from "./support/smallDisk.ts";

const script = fileURLToPath(new URL("../../backend/main.ts", import.meta.url));
const folders: string[] = [];

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "start-failure-"));
  folders.push(folder);
  return folder;
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Starts a backend that is expected to give up. */
const giveUp = (dataDir: string) =>
  new Promise<{ exitCode: number | null; lines: string[] }>((resolve) => {
    const args = [script, "--data-dir", dataDir, "--port", "0", "--site-port", "0"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    // One that starts after all must not be waited for.
    child.stdout.once("data", () => child.kill("SIGKILL"));
    child.once("close", (exitCode) => {
      const told = output.split("\n").filter((line) => !/Warning|--trace-warnings/.test(line));
      resolve({ exitCode, lines: told.filter((line) => line !== "") });
    });
  });

const expectOneLine = async (dataDir: string, says: RegExp) => {
  const { exitCode, lines } = await giveUp(dataDir);
  expect(lines).toEqual([expect.stringMatching(says)]);
  expect(exitCode).toBe(1);
};

describe("the admin key", () => {
  it("is made anew where its file is empty: nobody gets in with nothing", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "adminKey"), "\n");
    const backend = await BackendProcess.start(folder);
    const listed = await fetch(`${backend.url}/api/get_config_hashes`, {
      method: "POST",
      headers: { authorization: "Convex " },
      body: "{}",
    });
    await backend.kill("SIGKILL");
    expect(listed.status).toBe(403);
    expect(backend.adminKey).toMatch(/^embedded\|[0-9a-f]{64}$/);
    writeFileSync(join(folder, "adminKey"), "embedded|hunter2\n");
    await expectOneLine(folder, /adminKey is shorter than 32 characters/);
  });
});

describe("a restore that was interrupted", () => {
  it("is not taken for an empty installation", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "replaced"));
    await expectOneLine(folder, /^A restore into .* was interrupted: restore the backup again/);
  });
});

/** A folder that a backend has used and left. */
const usedFolder = async () => {
  const folder = newFolder();
  const backend = await BackendProcess.start(folder);
  await backend.kill("SIGTERM");
  return folder;
};

describe("a backend that cannot start says in one line why", () => {
  it("a file where the folder should be", async () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    await expectOneLine(file, /The data folder .*file cannot be written/);
  });

  it.runIf(canMount)("a folder that can only be read", async () => {
    const disk = mountSmallDisk(8) as SmallDisk;
    try {
      disk.makeReadOnly();
      await expectOneLine(disk.folder, /The data folder .* cannot be written \(EROFS\)/);
    } finally {
      disk.dispose();
    }
  });

  it.runIf(canMount)("a full disk", async () => {
    const disk = mountSmallDisk(8) as SmallDisk;
    try {
      disk.fill();
      await expectOneLine(disk.folder, /the disk is full/i);
    } finally {
      disk.dispose();
    }
  });

  it("a database file that is something else", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "rows.sqlite"), "This is not a database. ".repeat(1000));
    await expectOneLine(folder, /rows\.sqlite is damaged .*restore it from a backup/);
  });

  it("a database file with damaged pages", async () => {
    const folder = await usedFolder();
    const file = openSync(join(folder, "rows.sqlite"), "r+");
    const pageBytes = 4096;
    // The header stays: every tree behind it is noise.
    for (let page = 1; page < 24; page++)
      writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, page * pageBytes);
    closeSync(file);
    await expectOneLine(folder, /rows\.sqlite is damaged .*restore it from a backup/);
  });

  it("a database of a later version", async () => {
    const folder = await usedFolder();
    const database = new DatabaseSync(join(folder, "rows.sqlite"));
    database.exec("UPDATE settings SET value = '99' WHERE name = 'format'");
    database.close();
    await expectOneLine(folder, /written by a newer version \(format 99/);
  });

  it("a second process on the same data, which leaves the first alone", async () => {
    const backend = await BackendProcess.start();
    try {
      await expectOneLine(backend.dataDir, /in use by another process: stop it first/);
      expect((await fetch(`${backend.url}/version`)).ok).toBe(true);
    } finally {
      await backend.dispose();
    }
    // And the lock is gone with its owner, even a killed one.
    const folder = newFolder();
    const killed = await BackendProcess.start(folder);
    await killed.kill("SIGKILL");
    const next = await BackendProcess.start(folder);
    await next.kill("SIGTERM");
  });
});

describe.runIf(canMount)("a disk that fills up while the backend runs", () => {
  let disk: SmallDisk;
  let deployed: Deployed;
  beforeAll(async () => {
    disk = mountSmallDisk(96) as SmallDisk;
    deployed = await deployContractApp(join(disk.folder, "data"));
  });
  afterAll(async () => {
    await deployed.dispose();
    disk.dispose();
  });

  it("refuses writes clearly, keeps what it acknowledged, goes on reading, and recovers", async () => {
    const { session, backend } = deployed;
    const client = new ConvexClient(backend.url, { logger: false });
    const acknowledged: string[] = [];
    const text = "x".repeat(250_000);
    const add = async (tag: string) => {
      await session.mutation(api.notes.add, { text, tag });
      acknowledged.push(tag);
    };
    const tagsOf = (notes: { tag?: string }[]) => notes.map(({ tag }) => tag);
    const stored = async () => tagsOf(await session.query(api.notes.list, {}));
    await add("before");
    disk.fill();
    const failures: string[] = [];
    for (let at = 0; at < 50 && failures.length < 3; at++) {
      await add(`full ${at}`).catch((error: unknown) => failures.push(String(error)));
    }
    expect(failures).toHaveLength(3);
    for (const message of failures) expect(message).toContain("the disk is full");

    const notes = watch(client, api.notes.list, {});
    const isCurrent = (seen: { tag?: string }[]) => tagsOf(seen).join() === acknowledged.join();
    await notes.until(isCurrent);
    const { message } = await failure(client.mutation(api.notes.add, { text, tag: "socket" }));
    expect(message).toContain("the disk is full");
    expect(await stored()).toEqual(acknowledged);

    disk.free();
    await add("after");
    await notes.until(isCurrent);
    await client.close();

    await backend.kill("SIGKILL");
    await backend.start();
    expect(await stored()).toEqual(acknowledged);
  });

  it("refuses new code clearly, goes on with the old, and takes the new when there is room", async () => {
    const { session, backend, project } = deployed;
    const before = await session.query(api.notes.list, {});
    disk.fill();
    project.write("convex/extra.ts", `export const padding = "${"x".repeat(400_000)}";`);
    const refused = await project.cli(backend, "deploy", "-y", "--typecheck", "disable");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toMatch(/disk is full|no space left/i);
    expect(await session.query(api.notes.list, {})).toEqual(before);
    disk.free();
    await project.push(backend);
    await session.mutation(api.notes.add, { text: "room again" });
    expect(await session.query(api.notes.list, {})).toHaveLength(before.length + 1);
  });
});
