/** CSV as `convex import` takes it: a header, commas, quotes as in RFC 4180; numbers become floats, the rest is text. */
import type { EncodedObject } from "../../values/encoded.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Throws an error that names the row. */
export async function* csvRows(lines: AsyncIterable<string>): AsyncGenerator<EncodedObject> {
  let header: string[] | null = null;
  let row = 0;
  for await (const cells of records(lines)) {
    if (header === null) {
      header = cells.map((cell) => cell.trim());
      continue;
    }
    row++;
    if (cells.length !== header.length)
      throw new Error(`CSV row ${row} doesn't have all of the fields in the header`);
    yield Object.fromEntries(header.map((name, at) => [name, cellValue(cells[at] ?? "")]));
  }
  if (header === null) throw new Error("CSV file doesn't have headers");
}

function cellValue(cell: string): string | number {
  return NUMBER.test(cell) ? Number(cell) : cell;
}

/** A record may go over several lines inside quotes. */
async function* records(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let open: string | null = null;
  for await (const line of lines) {
    const text: string = open === null ? line : `${open}\n${line}`;
    if (text === "") continue;
    const cells = splitRecord(text);
    open = cells === null ? text : null;
    if (cells !== null) yield cells;
  }
  if (open !== null) throw new Error("The CSV file ends inside of quotes.");
}

/** Null while a quote is open. */
function splitRecord(text: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const comma = text.indexOf(",", at);
      cells.push(text.slice(at, comma < 0 ? text.length : comma));
      if (comma < 0) return cells;
      at = comma + 1;
      continue;
    }
    let cell = "";
    for (at++; ; at++) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return null;
      cell += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      cell += '"';
    }
    cells.push(cell);
    if (at >= text.length) return cells;
    if (text[at] !== ",") throw new Error("A quote of the CSV file is followed by text.");
    at++;
  }
}
