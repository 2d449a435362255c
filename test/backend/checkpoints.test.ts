/** The log is moved into the file by a thread beside the writer, and begins anew: it stays small however much is written. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkpoints } from "../../backend/runtime/checkpoints.ts";
import { Database } from "../../backend/store/database.ts";

const MEGABYTE = 2 ** 20;

let folder: string;
let database: Database;
let checkpoints: Checkpoints;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "checkpoints-"));
  database = new Database(join(folder, "rows.sqlite"));
  // So that nobody else does it.
  database.sqlite.exec("PRAGMA wal_autocheckpoint = 0");
  database.sqlite.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)");
  checkpoints = new Checkpoints(database.sqlite, database.path);
});
afterEach(async () => {
  await checkpoints.close();
  database.close();
  rmSync(folder, { recursive: true });
});

const sizes = () => ({
  file: statSync(database.path).size,
  log: statSync(`${database.path}-wal`).size,
});

/** Two megabytes, then a turn of the loop for the other thread's word. */
const writeSome = async () => {
  database.sqlite.exec("BEGIN IMMEDIATE");
  for (let n = 0; n < 2_000; n += 1)
    database.statement("INSERT INTO rows (text) VALUES (?)").run("x".repeat(1_000));
  database.sqlite.exec("COMMIT");
  checkpoints.committed();
  await new Promise((resolve) => setTimeout(resolve, 5));
};

describe("what was committed", () => {
  it("reaches the file while writing goes on, and the log is used again", async () => {
    let written = 0;
    // By then without a checkpoint the log would be as large as all that was written.
    while (written < 400 && (sizes().file < 60 * MEGABYTE || written < 60)) {
      await writeSome();
      written += 1;
    }
    expect(sizes().file).toBeGreaterThanOrEqual(60 * MEGABYTE);
    expect(sizes().log).toBeLessThan(sizes().file);
    const reader = new Database(database.path, "reader");
    expect(reader.statement("SELECT count(*) FROM rows").get()).toEqual([written * 2_000]);
    reader.close();
  });
});
