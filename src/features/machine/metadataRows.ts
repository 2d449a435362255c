/** Metadata travels as JSON text, made by agents: turned into rows that a person can read. Pure. */

export interface MetadataRow {
  /** "rack.unit". */
  path: string;
  value: string;
}

/** More would be a page of its own. */
const MAX_ROWS = 300;

/** One row per value, nested names joined by dots, short lists in one row. No JSON at all is one row as it came. */
export function metadataRows(text: string): MetadataRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ path: "", value: text }];
  }
  return rowsOf(value, "").slice(0, MAX_ROWS);
}

function rowsOf(value: unknown, path: string): MetadataRow[] {
  if (Array.isArray(value) && !value.every(isPlain)) {
    return value.flatMap((item, index) => rowsOf(item, joined(path, String(index))));
  }
  if (Array.isArray(value)) return [{ path, value: value.map(String).join(", ") }];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => rowsOf(inner, joined(path, key)));
  }
  return [{ path, value: String(value) }];
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
