/**
 * Under which name the contents of a `_storage` document lie on disk. A table of its own, since the name is the secret
 * of the file's URL and documents are shown to user code.
 */
import { bufferToKey, keyToBuffer } from "../values/sortKey.ts";
import type { Database } from "./database.ts";

export function nameFile(
  database: Database,
  uuid: string,
  component: number,
  internalId: string,
): void {
  database
    .statement("INSERT INTO files (uuid, component, id) VALUES (?, ?, ?)")
    .run(uuid, component, keyToBuffer(internalId));
}

export function forgetFile(database: Database, component: number, internalId: string): void {
  database
    .statement("DELETE FROM files WHERE component = ? AND id = ?")
    .run(component, keyToBuffer(internalId));
}

export function nameOfFile(
  database: Database,
  component: number,
  internalId: string,
): string | null {
  const row = database
    .statement("SELECT uuid FROM files WHERE component = ? AND id = ?")
    .get(component, keyToBuffer(internalId));
  return row === undefined ? null : String(row[0]);
}

export function namesOfFiles(database: Database, component: number): string[] {
  return database
    .statement("SELECT uuid FROM files WHERE component = ?")
    .all(component)
    .map(([uuid]) => String(uuid));
}

export function fileNamed(
  database: Database,
  uuid: string,
): { component: number; internalId: string } | null {
  const row = database.statement("SELECT component, id FROM files WHERE uuid = ?").get(uuid);
  return row === undefined
    ? null
    : { component: Number(row[0]), internalId: bufferToKey(row[1] as Uint8Array) };
}
