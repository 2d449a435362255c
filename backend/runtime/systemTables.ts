/** Tables that the backend itself writes, in each component: made when the first document needs them. */
import type { TableInfo } from "../store/catalog.ts";
import type { Transaction } from "./transaction.ts";

export const SCHEDULED_TABLE = "_scheduled_functions";
export const STORAGE_TABLE = "_storage";

export function systemTable(
  transaction: Transaction,
  component: number,
  componentPath: string,
  name: typeof SCHEDULED_TABLE | typeof STORAGE_TABLE,
): TableInfo {
  const { catalog } = transaction.store;
  const known = catalog.table(component, name);
  if (known !== null) return known;
  transaction.writes.push({ space: "tables", key: `${componentPath}/${name}` });
  return catalog.createTable(component, name);
}
