/** What an import may be asked for, and which table numbers it may take: every id holds the number of its table. */
import type { Store } from "../store/documents.ts";
import type { LoadedSchema } from "./modules.ts";

export type ImportMode = "requireEmpty" | "append" | "replace" | "replaceAll";

/** `number` is what the ids of its documents say; null when they have none. */
export type ImportTable = { componentPath: string; name: string; number: number | null };

/** The file cannot be imported as it is: shown to whoever imports. */
export class ImportError extends Error {
  readonly code = "ImportFailed";

  static tableExists(name: string): ImportError {
    return new ImportError(
      `Table ${name} already exists. Please choose a new table name or use replace/append modes.`,
    );
  }

  static duplicateId(name: string): ImportError {
    return new ImportError(`Objects in table "${name}" have duplicate _id fields`);
  }
}

/** Throws when a table outside of the import has this number and documents, or another table of the import has it. */
export function refuseUsedNumber(
  { catalog, documents }: Store,
  component: number,
  name: string,
  number: number,
  imported: string[],
  taken: { name: string; number: number }[],
): void {
  const other = catalog.tableByNumber(component, number);
  const clash =
    taken.find((one) => one.number === number)?.name ??
    (other !== null && !imported.includes(other.name) && documents.count(other) > 0
      ? other.name
      : null);
  if (clash === null) return;
  throw new ImportError(`New table ${name} has IDs that conflict with existing table ${clash}.`);
}

/** Throws when documents that stay refer to ids of a table that gets another number. */
export function refuseBrokenReferences(
  { catalog, documents }: Store,
  component: number,
  name: string,
  imported: string[],
  schema: LoadedSchema | null,
): void {
  for (const [tableName, { json }] of schema?.tables ?? []) {
    const table = catalog.table(component, tableName);
    if (table === null || imported.includes(tableName) || documents.count(table) === 0) continue;
    if (!JSON.stringify(json).includes(`"tableName":${JSON.stringify(name)}`)) continue;
    throw new ImportError(
      `Import changes table '${name}' which is referenced by '${tableName}' in the schema`,
    );
  }
}
