/**
 * Writes one snapshot export to a file, in a thread and on a connection of its own: the executor goes on meanwhile.
 * Ends by itself.
 */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Database } from "../../store/database.ts";
import { FileContents } from "../../store/fileContents.ts";
import { ZipWriter } from "../zip/writer.ts";
import { writeExport } from "./writeExport.ts";

export type ExportRequest = { dataDir: string; folder: string; includeStorage: boolean };
/** `ts` is the moment that the export shows; its file is `<ts>.zip` in the folder. */
export type ExportAnswer = { ok: true; ts: string } | { ok: false; message: string };

async function main({ dataDir, folder, includeStorage }: ExportRequest): Promise<ExportAnswer> {
  const database = new Database(join(dataDir, "rows.sqlite"), "reader");
  database.sqlite.exec("BEGIN");
  // The first read decides which state the transaction sees.
  const ts = database.setting("lastTs") ?? "0";
  const out = createWriteStream(join(folder, `${ts}.zip`), { mode: 0o600 });
  const done = finished(out);
  const zip = new ZipWriter(async (bytes) => {
    if (!out.write(bytes)) await Promise.race([once(out, "drain"), done]);
  });
  await Promise.race([
    writeExport(database, FileContents.of(dataDir), includeStorage, zip).then(() => zip.finish()),
    done,
  ]);
  out.end();
  await done;
  database.close();
  return { ok: true, ts };
}

void main(workerData as ExportRequest)
  .catch((error: unknown): ExportAnswer => {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  })
  .then((answer) => parentPort?.postMessage(answer));
