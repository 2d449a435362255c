/**
 * Makes one backup file, in a thread and on connections of its own: SQLite copies the state of one moment while the executor
 * goes on writing.
 */
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Database } from "../../store/database.ts";
import { FileContents } from "../../store/fileContents.ts";
import { ZipWriter } from "../zip/writer.ts";
import { BACKUP_FORMAT, DATABASE, FILES, MANIFEST, type BackupManifest } from "./format.ts";

export type BackupRequest = { dataDir: string; folder: string; target: string };
export type BackupAnswer = { ok: true } | { ok: false; message: string };

const CHUNK_BYTES = 1 << 20;
/** Speed matters more than size: pages of documents shrink well with little effort. */
const LEVEL = 1;

async function main({ dataDir, folder, target }: BackupRequest): Promise<BackupAnswer> {
  const copy = join(folder, DATABASE);
  const live = new Database(join(dataDir, DATABASE), "reader");
  live.statement("VACUUM INTO ?").run(copy);
  live.close();
  const database = new Database(copy, "reader");
  const names = database
    .statement("SELECT uuid FROM files WHERE component >= 0")
    .all()
    .map(([uuid]) => String(uuid));
  const manifest: BackupManifest = {
    kind: "embedded-convex-backup",
    format: BACKUP_FORMAT,
    madeAt: new Date().toISOString(),
    ts: database.setting("lastTs") ?? "0",
    files: names.length,
  };
  database.close();

  const out = createWriteStream(target, { mode: 0o600 });
  const done = finished(out);
  const zip = new ZipWriter(async (bytes) => {
    if (!out.write(bytes)) await Promise.race([once(out, "drain"), done]);
  }, LEVEL);
  const write = async () => {
    await zip.add(MANIFEST, [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
    await zip.add(DATABASE, chunksOf(copy));
    rmSync(copy);
    const contents = FileContents.of(dataDir);
    for (const name of names) await zip.add(`${FILES}${name}`, chunksOf(contents.pathOf(name)));
    await zip.finish();
  };
  await Promise.race([write(), done]);
  out.end();
  await done;
  return { ok: true };
}

function chunksOf(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
}

void main(workerData as BackupRequest)
  .catch((error: unknown): BackupAnswer => {
    const isGone = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      message: isGone ? "a file was deleted meanwhile: make the backup again" : reason,
    };
  })
  .then((answer) => parentPort?.postMessage(answer));
