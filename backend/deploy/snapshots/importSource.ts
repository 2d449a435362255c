/** What an uploaded file holds: tables with their rows, whatever its format. Nothing is kept in memory but one table list. */
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { ImportError } from "../../runtime/importRules.ts";
import { decodeId } from "../../values/documentId.ts";
import { isEncodedObject, type EncodedObject } from "../../values/encoded.ts";
import type { ZipEntry } from "../zip/format.ts";
import { ZipReader } from "../zip/reader.ts";
import { csvRows } from "./csv.ts";
import { parseImported, type NumberStyle } from "./importValue.ts";
import { linesOf } from "./lines.ts";

export type ImportFormat = "csv" | "jsonLines" | "jsonArray" | "zip";

export type SourceTable = {
  componentPath: string;
  name: string;
  /** From the table list or the first id; null when no document has one. */
  number: number | null;
  rows(): AsyncIterable<EncodedObject>;
};

/** A stored file: the id stands in the entry's name. */
export type SourceFile = {
  componentPath: string;
  id: string;
  contents(): AsyncIterable<Uint8Array>;
};
export type ImportSource = { tables: SourceTable[]; files: SourceFile[] };

/** As in Convex: a JSON array has to be parsed as a whole. */
const MAX_ARRAY_BYTES = 16 << 20;

const DOCUMENTS = /^(.*\/)?([^/]+)\/documents\.jsonl$/;
const STORED_FILE = /^(.*\/)?_storage\/([^/.]+)(?:\.[^/]+)?$/;
const COMPONENT = /^(.*\/)?_components\/([^/]+)\/$/;

/** `base` is the component that the file is imported into. */
export async function openZip(path: string, base: string): Promise<ImportSource> {
  const zip = await ZipReader.open(path);
  const byName = new Map(zip.entries.map((entry) => [entry.name, entry]));
  const tables: SourceTable[] = [];
  const numbers = new Map<string, number>();
  for (const entry of zip.entries) {
    const [, prefix = "", name = ""] = DOCUMENTS.exec(entry.name) ?? [];
    const componentPath = componentOf(prefix, base);
    if (name === "_tables") await readNumbers(zip, entry, componentPath, numbers);
    if (name === "" || (name.startsWith("_") && name !== "_storage")) continue;
    checkNames(componentPath, name === "_storage" ? [] : [name]);
    const schema = byName.get(`${prefix}${name}/generated_schema.jsonl`);
    const style = await numberStyle(zip, schema, name);
    const rows = () => jsonRows(linesOf(zip.read(entry)), name === "_storage" ? "float" : style);
    tables.push({ componentPath, name, number: await numberIn(rows()), rows });
  }
  return {
    tables: withNumbers(tables, numbers),
    files: zip.entries.flatMap((entry) => storedFile(zip, entry, base)),
  };
}

export async function openTable(
  path: string,
  format: Exclude<ImportFormat, "zip">,
  table: { componentPath: string; name: string },
): Promise<ImportSource> {
  checkNames(table.componentPath, [table.name]);
  const rows = () => tableRows(path, format);
  return { tables: [{ ...table, number: await numberIn(rows()), rows }], files: [] };
}

function checkNames(componentPath: string, tables: string[]): void {
  const names = componentPath === "" ? tables : [...componentPath.split("/"), ...tables];
  const wrong = names.find((name) => !/^[a-zA-Z]\w{0,63}$/.test(name));
  if (wrong === undefined) return;
  throw new ImportError(
    `${JSON.stringify(wrong)} isn't a valid name: letters, digits and underscores, starting with a letter.`,
  );
}

async function* tableRows(
  path: string,
  format: Exclude<ImportFormat, "zip">,
): AsyncGenerator<EncodedObject> {
  if (format === "jsonArray") {
    yield* await arrayRows(path);
    return;
  }
  const lines = linesOf(createReadStream(path));
  yield* format === "csv" ? csvRows(lines) : jsonRows(lines, "float");
}

async function* jsonRows(
  lines: AsyncIterable<string>,
  numbers: NumberStyle,
): AsyncGenerator<EncodedObject> {
  let row = 0;
  for await (const line of lines) {
    row++;
    if (line.trim() !== "") yield objectOf(line, numbers, row);
  }
}

async function arrayRows(path: string): Promise<EncodedObject[]> {
  const { size } = await stat(path);
  if (size > MAX_ARRAY_BYTES)
    throw new ImportError(
      `Import is too large for JSON (${size} bytes > maximum 16 MiB). Consider converting data to JSONLines`,
    );
  let values: unknown;
  try {
    values = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ImportError(`Not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(values)) throw new ImportError("Not a JSON array");
  return values.map((value, at) => objectOf(JSON.stringify(value), "float", at + 1));
}

function objectOf(text: string, numbers: NumberStyle, row: number): EncodedObject {
  let value;
  try {
    value = parseImported(text, numbers);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImportError(
      error instanceof SyntaxError
        ? `Row ${row} wasn't valid JSON: ${reason}`
        : `Row ${row} wasn't a valid Convex value: ${reason}`,
      { cause: error },
    );
  }
  if (isEncodedObject(value)) return value;
  throw new ImportError(`Row ${row} wasn't an object`);
}

async function numberIn(rows: AsyncIterable<EncodedObject>): Promise<number | null> {
  for await (const { _id } of rows)
    return typeof _id === "string" ? (decodeId(_id)?.tableNumber ?? null) : null;
  return null;
}

async function readNumbers(
  zip: ZipReader,
  entry: ZipEntry,
  componentPath: string,
  numbers: Map<string, number>,
): Promise<void> {
  for await (const { name, id } of jsonRows(linesOf(zip.read(entry)), "float")) {
    if (typeof name !== "string" || typeof id !== "number")
      throw new ImportError(`${entry.name} must list tables as {"name", "id"}.`);
    numbers.set(`${componentPath}/${name}`, id);
  }
}

/** Tables that are only listed are empty ones. */
function withNumbers(tables: SourceTable[], numbers: Map<string, number>): SourceTable[] {
  const known = new Set(tables.map(({ componentPath, name }) => `${componentPath}/${name}`));
  const empty = [...numbers].flatMap(([key, number]): SourceTable[] => {
    const slash = key.lastIndexOf("/");
    const table = { componentPath: key.slice(0, slash), name: key.slice(slash + 1), number };
    return known.has(key) ? [] : [{ ...table, rows: noRows }];
  });
  const numbered = tables.map((table) => ({
    ...table,
    number: numbers.get(`${table.componentPath}/${table.name}`) ?? table.number,
  }));
  return [...numbered, ...empty];
}

async function* noRows(): AsyncGenerator<EncodedObject> {}

/** How the numbers of a table are written; says so when only an older Convex could tell. */
async function numberStyle(
  zip: ZipReader,
  schema: ZipEntry | undefined,
  table: string,
): Promise<NumberStyle> {
  if (schema === undefined) return "float";
  for await (const line of linesOf(zip.read(schema))) {
    const shape = String(JSON.parse(line));
    if (shape === "uniform") return "byLiteral";
    const types = shape.replace(/"[^"]*"/g, "");
    // Older exports write int64, bytes and special floats as strings, to be told apart by this shape.
    if (!/int64|bytes|(?<!normal)float64|inf|NaN|unknown/.test(types)) return "float";
    throw new ImportError(
      `Table ${table} was exported by an older Convex, with values that look like strings: export it again.`,
    );
  }
  return "float";
}

function storedFile(zip: ZipReader, entry: ZipEntry, base: string): SourceFile[] {
  const [, prefix = "", id = ""] = STORED_FILE.exec(entry.name) ?? [];
  if (id === "" || id === "documents") return [];
  return [{ componentPath: componentOf(prefix, base), id, contents: () => zip.read(entry) }];
}

/** `x/_components/a/_components/b/` is `a/b` inside of the base. */
function componentOf(prefix: string, base: string): string {
  const names: string[] = [];
  for (let rest = prefix; ;) {
    const [, before = "", name] = COMPONENT.exec(rest) ?? [];
    if (name === undefined) break;
    names.unshift(name);
    rest = before;
  }
  return [...(base === "" ? [] : [base]), ...names].join("/");
}
