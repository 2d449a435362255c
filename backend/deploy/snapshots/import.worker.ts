/**
 * Reads an uploaded file in a thread of its own and has its rows stored by the executor, batch by batch, through the main
 * thread. Two jobs: to look what an import would do, and to do it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { ImportError, type ImportMode } from "../../runtime/importRules.ts";
import type { ExistingTable, ImportRow, ImportStep } from "../../runtime/imports.ts";
import { FileContents } from "../../store/fileContents.ts";
import { InvalidZip } from "../zip/reader.ts";
import { checkedFile } from "./importFiles.ts";
import { openTable, openZip, type ImportFormat, type ImportSource } from "./importSource.ts";
import { summaryOf } from "./importSummary.ts";

export type ImportArgs = {
  format: ImportFormat;
  mode: ImportMode;
  tableName: string | null;
  componentPath: string;
};
export type ImportJob = {
  job: "look" | "perform";
  importId: string;
  file: string;
  dataDir: string;
  args: ImportArgs;
};

export type FromImport =
  | { type: "ask"; id: number; step: ImportStep }
  | { type: "progress"; message: string; checkpoint: boolean }
  | { type: "looked"; message: string; deletes: boolean }
  | { type: "performed"; documents: number }
  | { type: "failed"; message: string };
export type ToImport = { id: number; value?: unknown; error?: string };

const BATCH_ROWS = 250;
const BATCH_CHARACTERS = 512 << 10;
const PROGRESS_EVERY_ROWS = 10_000;
const STORAGE = "_storage";

const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let nextId = 1;

const say = (message: FromImport) => parentPort?.postMessage(message);

function ask<T>(step: ImportStep): Promise<T> {
  const id = nextId++;
  say({ type: "ask", id, step });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

async function look(source: ImportSource, { mode }: ImportArgs): Promise<void> {
  const existing = await ask<ExistingTable[]>({
    kind: "look",
    tables: source.tables.map(identity),
    everything: mode === "replaceAll",
  });
  const counts = new Map<string, number>();
  for (const table of source.tables) {
    let documents = 0;
    for await (const _row of table.rows()) documents++;
    counts.set(`${table.componentPath}/${table.name}`, documents);
  }
  if (mode === "requireEmpty") {
    const full = existing.find(({ documents }) => documents > 0);
    if (full !== undefined) throw ImportError.tableExists(full.name);
  }
  const changes = existing.map(({ componentPath, name, documents }) => ({
    componentPath,
    name,
    created: counts.get(`${componentPath}/${name}`) ?? 0,
    deleted: mode === "replace" || mode === "replaceAll" ? documents : 0,
    existing: documents,
  }));
  say({
    type: "looked",
    message: summaryOf(changes),
    deletes: changes.some(({ deleted }) => deleted > 0),
  });
}

async function perform(source: ImportSource, job: ImportJob): Promise<void> {
  const { importId } = job;
  const tables = source.tables.map(identity);
  let documents = 0;
  await ask({ kind: "begin", importId, mode: job.args.mode, tables });
  for (const [at, table] of source.tables.entries()) {
    const where = table.componentPath === "" ? "" : ` in component ${table.componentPath}`;
    const shown = `"${table.name}"${where}`;
    const isStorage = table.name === STORAGE;
    const rows = isStorage ? fileRows(source, at, job) : documentRows(source, at);
    const count = await store(importId, at, shown, rows);
    if (!isStorage) documents += count;
    const unit = isStorage ? "files" : "documents";
    const message = `Imported ${shown} (${count.toLocaleString("en-US")} ${unit})`;
    say({ type: "progress", message, checkpoint: true });
  }
  await ask({ kind: "finish", importId });
  say({ type: "performed", documents });
}

async function store(
  importId: string,
  table: number,
  shown: string,
  rows: AsyncIterable<ImportRow>,
): Promise<number> {
  let batch: ImportRow[] = [];
  let characters = 0;
  let count = 0;
  const flush = async () => {
    if (batch.length > 0) await ask({ kind: "rows", importId, table, rows: batch });
    batch = [];
    characters = 0;
  };
  for await (const row of rows) {
    batch.push(row);
    characters += row.text.length;
    if (++count % PROGRESS_EVERY_ROWS === 0) {
      const message = `Importing ${shown} (${count.toLocaleString("en-US")} documents)`;
      say({ type: "progress", message, checkpoint: false });
    }
    if (batch.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) await flush();
  }
  await flush();
  return count;
}

async function* documentRows({ tables }: ImportSource, at: number): AsyncGenerator<ImportRow> {
  for await (const row of tables[at]?.rows() ?? []) yield { text: JSON.stringify(row) };
}

/** Contents first, then the row that names them. A file without a row gets one, since rows are easily lost by hand. */
async function* fileRows(
  source: ImportSource,
  at: number,
  { dataDir }: ImportJob,
): AsyncGenerator<ImportRow> {
  const table = source.tables[at];
  if (table === undefined) return;
  const contents = FileContents.of(dataDir);
  const known = new Map<string, string>();
  for await (const row of table.rows())
    known.set(typeof row["_id"] === "string" ? row["_id"] : "", JSON.stringify(row));
  for (const file of source.files) {
    if (file.componentPath !== table.componentPath) continue;
    yield await checkedFile(contents, file, known.get(file.id) ?? null);
  }
}

function identity({ componentPath, name, number }: ImportSource["tables"][number]) {
  return { componentPath, name, number };
}

async function main(job: ImportJob): Promise<void> {
  const { format, tableName, componentPath } = job.args;
  const source =
    format === "zip"
      ? await openZip(job.file, componentPath)
      : await openTable(job.file, format, { componentPath, name: tableName ?? "" });
  if (job.job === "look") await look(source, job.args);
  else await perform(source, job);
}

parentPort?.on("message", ({ id, value, error }: ToImport) => {
  const asked = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) asked?.resolve(value);
  else asked?.reject(new ImportError(error));
});

void main(workerData as ImportJob).catch((error: unknown) => {
  const isExpected = error instanceof ImportError || error instanceof InvalidZip;
  const reason = error instanceof Error ? error.message : String(error);
  say({ type: "failed", message: isExpected ? reason : `The import failed: ${reason}` });
});
