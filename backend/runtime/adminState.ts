/**
 * What an administrator's long work (an export, an import) has come to: small texts by name, stored with everything else
 * and watched like documents, so that the CLI sees progress, also after a restart in between.
 */
import type { Database } from "../store/database.ts";
import type { ReadSet } from "./readSet.ts";
import type { GroupContext } from "./unitQueue.ts";

const SPACE = "adminState";
const PREFIX = "admin:";

/** JSON text, or null. */
export function readAdminState(database: Database, name: string, reads: ReadSet): string | null {
  reads.add(SPACE, { low: name, high: `${name}\x00` });
  return database.setting(PREFIX + name);
}

/** The JSON texts of all names that begin with `prefix`, by name. */
export function listAdminStates(database: Database, prefix: string, reads: ReadSet): string[] {
  reads.add(SPACE, { low: prefix, high: `${prefix}\xff` });
  return database
    .statement("SELECT value FROM settings WHERE name >= ? AND name < ? ORDER BY name")
    .all(PREFIX + prefix, `${PREFIX}${prefix}\uffff`)
    .map(([value]) => String(value));
}

/** Null removes it. */
export function writeAdminState(
  database: Database,
  group: GroupContext,
  name: string,
  json: string | null,
): void {
  group.beginWrites();
  if (json === null) database.statement("DELETE FROM settings WHERE name = ?").run(PREFIX + name);
  else database.setSetting(PREFIX + name, json);
  group.touched.push({ space: SPACE, key: name });
}
