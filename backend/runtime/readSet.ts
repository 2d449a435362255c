/** What a transaction has read: half-open key intervals for each key space. */
import type { KeyRange } from "../store/scan.ts";

export class ReadSet {
  readonly intervals = new Map<string, KeyRange[]>();

  /** The returned interval may grow while a scan goes on; it is read only when the transaction has ended. */
  add(space: string, range: KeyRange): KeyRange {
    const own = { ...range };
    const list = this.intervals.get(space);
    if (list === undefined) this.intervals.set(space, [own]);
    else list.push(own);
    return own;
  }

  /** One document by its id, whether it exists or not. */
  addPoint(tableId: number, internalId: string): void {
    this.add(`d${tableId}`, { low: internalId, high: `${internalId}\x00` });
  }

  /** The existence of a table: made when the first document or the schema needs it. */
  addTable(componentPath: string, name: string): void {
    const low = `${componentPath}/${name}`;
    this.add("tables", { low, high: `${low}\x00` });
  }
}
