/** What stands between a commit and a power cut: the log itself goes to the disk, and a disk that fails is told of. */
import type * as NodeFs from "node:fs";
import { fdatasync, fstatSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Database } from "../../backend/store/database.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof NodeFs>();
  return { ...fs, fdatasync: vi.fn(fs.fdatasync) };
});

let folder: string;
let database: Database;
beforeEach(() => {
  vi.mocked(fdatasync).mockClear();
  folder = mkdtempSync(join(tmpdir(), "sync-"));
  database = new Database(join(folder, "rows.sqlite"));
  database.setSetting("test", "committed");
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it("a sync resolves when the log that holds the commit is on the disk", async () => {
  await database.sqlite.sync();
  const file = vi.mocked(fdatasync).mock.calls[0]?.[0];
  expect(fstatSync(file ?? -1).ino).toBe(statSync(`${database.path}-wal`).ino);
});

it("a sync that the disk refuses is not taken for done", async () => {
  vi.mocked(fdatasync).mockImplementationOnce((_file, done) => done(new Error("EIO: i/o error")));
  await expect(database.sqlite.sync()).rejects.toThrow("the disk failed (EIO: i/o error)");
});
