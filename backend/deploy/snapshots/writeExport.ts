/**
 * A snapshot export in Convex's own format, from one consistent state of the database:
 *
 *   README.md
 *   _tables/documents.jsonl                 the tables and their numbers
 *   <table>/documents.jsonl                 one document a line (exportValue.ts)
 *   <table>/generated_schema.jsonl          "uniform": how those lines are written
 *   _storage/documents.jsonl, _storage/<id>.<extension>
 *   _components/<name>/…                    the same for each mounted component, nested like the components
 *
 * Scheduled functions, environment and code are not part of it, as in Convex.
 */
import { createReadStream } from "node:fs";
import { Catalog, type TableInfo } from "../../store/catalog.ts";
import { type Database } from "../../store/database.ts";
import { readManifest } from "../../store/deployment.ts";
import { type FileContents } from "../../store/fileContents.ts";
import { nameOfFile } from "../../store/fileNames.ts";
import { documentTexts, isEmpty } from "../../store/readTable.ts";
import { decodeId } from "../../values/documentId.ts";
import type { ZipWriter } from "../zip/writer.ts";
import { exportLine } from "./exportValue.ts";
import { fileExtension } from "./fileExtension.ts";

const README = `# Snapshot export

Each folder is a table: documents.jsonl holds one document a line. Bring it into another deployment, here or at Convex,
with \`npx convex import <this file>\`. The format is described at
https://docs.convex.dev/database/import-export/export.
`;
const STORAGE = "_storage";

type StorageRow = {
  _id: string;
  _creationTime: number;
  sha256: string;
  size: number;
  contentType: string | null;
};

/** `database` is a reader in a transaction of its own, so that all is of one moment. */
export async function writeExport(
  database: Database,
  contents: FileContents,
  includeStorage: boolean,
  zip: ZipWriter,
): Promise<void> {
  const catalog = new Catalog(database);
  const components = exportedComponents(database, catalog);
  await zip.add("README.md", [Buffer.from(README)]);
  for (const { prefix, tables } of components) {
    await zip.add(`${prefix}_tables/documents.jsonl`, [Buffer.from(tableLines(tables))]);
  }
  for (const { prefix, tables } of components) {
    for (const table of tables.filter(isUserTable)) {
      const folder = `${prefix}${table.name}`;
      await zip.add(`${folder}/documents.jsonl`, documentLines(database, table));
      await zip.add(`${folder}/generated_schema.jsonl`, [Buffer.from('"uniform"\n')]);
    }
  }
  if (!includeStorage) return;
  for (const { prefix, id, tables } of components) {
    const table = tables.find(({ name }) => name === STORAGE);
    await writeStorage(database, contents, zip, prefix, id, table);
  }
}

/** Those that are mounted, and those that still hold documents: code may come later than data, and go before it. */
function exportedComponents(database: Database, catalog: Catalog) {
  const mounted = new Set((readManifest(database)?.components ?? []).map(({ path }) => path));
  const holds = (table: TableInfo) =>
    (isUserTable(table) || table.name === STORAGE) && !isEmpty(database, table);
  return [...catalog.components()]
    .map(([path, id]) => ({ path, prefix: exportPrefix(path), id, tables: catalog.tables(id) }))
    .filter(({ path, tables }) => mounted.has(path) || tables.some(holds));
}

/** `a/b` lies in `_components/a/_components/b/`. */
function exportPrefix(componentPath: string): string {
  if (componentPath === "") return "";
  return componentPath
    .split("/")
    .map((name) => `_components/${name}/`)
    .join("");
}

function tableLines(tables: TableInfo[]): string {
  return tables
    .filter(isUserTable)
    .sort((a, b) => a.number - b.number)
    .map(({ name, number }) => `${JSON.stringify({ name, id: number })}\n`)
    .join("");
}

function* documentLines(database: Database, table: TableInfo): Generator<Uint8Array> {
  for (const page of documentTexts(database, table))
    yield Buffer.from(page.map((text) => `${exportLine(text)}\n`).join(""));
}

async function writeStorage(
  database: Database,
  contents: FileContents,
  zip: ZipWriter,
  prefix: string,
  component: number,
  table: TableInfo | undefined,
): Promise<void> {
  const pages = () => (table === undefined ? [] : documentTexts(database, table));
  const uuidOf = ({ _id }: StorageRow) =>
    nameOfFile(database, component, decodeId(_id)?.internalId ?? "");
  function* metadata(): Generator<Uint8Array> {
    for (const page of pages()) {
      const lines = page.map((text) => {
        const row = JSON.parse(text) as StorageRow;
        return `${JSON.stringify({ ...row, internalId: uuidOf(row) })}\n`;
      });
      yield Buffer.from(lines.join(""));
    }
  }
  await zip.add(`${prefix}${STORAGE}/documents.jsonl`, metadata());
  for (const page of pages()) {
    for (const text of page) {
      const row = JSON.parse(text) as StorageRow;
      const uuid = uuidOf(row);
      if (uuid === null) continue;
      const name = `${prefix}${STORAGE}/${row._id}${fileExtension(row.contentType)}`;
      await zip.add(name, createReadStream(contents.pathOf(uuid)) as AsyncIterable<Buffer>);
    }
  }
}

function isUserTable({ name }: TableInfo): boolean {
  return !name.startsWith("_");
}
