import { type MachineRow } from "@/lib/backend.ts";

/**
 * The same rows, each as the object that it was before where nothing in it changed: what is drawn or computed of a row
 * is then drawn and computed again only for the machine that changed, and not for all that came with it.
 */
export function keepSame(rows: MachineRow[], before: Iterable<MachineRow>): MachineRow[] {
  const byId = new Map<string, MachineRow>();
  for (const row of before) byId.set(row.machineId, row);
  return rows.map((row) => {
    const last = byId.get(row.machineId);
    return last !== undefined && isSame(row, last) ? last : row;
  });
}

function isSame(row: MachineRow, last: MachineRow): boolean {
  const keys = Object.keys(row) as (keyof MachineRow)[];
  return keys.every((key) => row[key] === last[key] || isSameList(row[key], last[key]));
}

function isSameList(value: unknown, last: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(last)) return false;
  return value.length === last.length && value.every((one, index) => one === last[index]);
}
