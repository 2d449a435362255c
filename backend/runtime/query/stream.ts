/**
 * Documents of a query one by one, in index order. What it has read is recorded as one interval that grows with what was
 * really consumed, so that `.first()` and `.take(n)` do not depend on what comes later. Buffered rows are dropped when
 * the transaction writes: a scan sees the writes of its own function.
 */
import { spaceOf, type KeyRange, type ScannedRow } from "../../store/scan.ts";
import { parseDocument, type Transaction } from "../transaction.ts";
import { passes } from "./filter.ts";
import type { BoundQuery } from "./request.ts";

/** How much a page may look at. `leastRows` are looked at in any case. */
export type ReadBudget = { rows: number; bytes: number; leastRows: number };

const FIRST_FETCH = 32;
const MAX_FETCH = 512;

export class QueryStream {
  readonly #query: BoundQuery;
  readonly #transaction: Transaction;
  readonly #remaining: number[];
  #buffer: ScannedRow[] = [];
  #at = 0;
  #version = -1;
  #fetchSize: number;
  #interval: KeyRange | null = null;
  /** What is left to read. */
  readonly #left: KeyRange;
  #exhausted = false;
  #done = false;
  /** The key of the last row that was looked at, also when a filter dropped it. */
  lastKey: string | null = null;
  scannedRows = 0;
  scannedBytes = 0;
  /** Their keys in order, where somebody wants them. */
  scannedKeys: string[] | null = null;
  readonly #budget: ReadBudget | null;

  constructor(transaction: Transaction, query: BoundQuery, budget: ReadBudget | null = null) {
    this.#transaction = transaction;
    this.#query = query;
    this.#budget = budget;
    this.#left = { ...query.range };
    this.#remaining = query.operators.map((operator) => ("limit" in operator ? operator.limit : 0));
    const limit = query.operators.find((operator) => "limit" in operator);
    const onlyLimits = query.operators.every((operator) => "limit" in operator);
    this.#fetchSize =
      onlyLimits && limit !== undefined
        ? Math.max(1, Math.min(limit.limit, MAX_FETCH))
        : FIRST_FETCH;
    if (query.source === null) {
      transaction.reads.add("tables", tableInterval(transaction, query));
      this.#exhausted = true;
    } else {
      transaction.countRange();
    }
  }

  /** The next document's JSON text, or null when there is none, or none that the budget allows to look for. */
  next(): string | null {
    while (!this.#done) {
      if (this.#limitReached()) break;
      if (this.isSpent) return null;
      const row = this.#nextRow();
      if (row === null) break;
      if (this.#passesOperators(row)) return row.doc;
    }
    this.#done = true;
    return null;
  }

  /** True when the budget ends before what there is to read, as far as is known without reading on. */
  get isSpent(): boolean {
    if (this.#budget === null || this.#done) return false;
    const { rows, bytes, leastRows } = this.#budget;
    if (this.scannedRows < leastRows) return false;
    const isOver = this.scannedRows >= rows || this.scannedBytes >= bytes;
    return isOver && !(this.#exhausted && this.#at >= this.#buffer.length);
  }

  #limitReached(): boolean {
    return this.#query.operators.some(
      (operator, at) => "limit" in operator && this.#remaining[at] === 0,
    );
  }

  #passesOperators(row: ScannedRow): boolean {
    let doc = null;
    for (const [at, operator] of this.#query.operators.entries()) {
      if ("limit" in operator) {
        const left = this.#remaining[at] ?? 0;
        if (left === 0) {
          this.#done = true;
          return false;
        }
        this.#remaining[at] = left - 1;
      } else {
        doc ??= parseDocument(row.doc);
        if (!passes(operator.filter, doc)) return false;
      }
    }
    return true;
  }

  #nextRow(): ScannedRow | null {
    if (this.#version !== this.#transaction.version) this.#dropBuffer();
    if (this.#at >= this.#buffer.length) this.#fetch();
    const row = this.#buffer[this.#at];
    if (row === undefined) return null;
    this.#at++;
    this.lastKey = row.key;
    this.scannedKeys?.push(row.key);
    this.scannedRows++;
    this.scannedBytes += row.doc.length;
    this.#transaction.countRead(1, Buffer.byteLength(row.doc));
    if (this.#query.source !== null)
      this.#transaction.see(this.#query.source.table, row.key.slice(-16), row.doc);
    if (this.#interval !== null) {
      if (this.#query.direction === "asc") this.#interval.high = successor(row.key);
      else this.#interval.low = row.key;
    }
    return row;
  }

  #dropBuffer(): void {
    if (this.#version !== -1 && this.#query.source !== null) {
      this.#buffer = [];
      this.#at = 0;
      this.#exhausted = false;
      if (this.lastKey !== null) this.#moveTo(this.lastKey);
    }
    this.#version = this.#transaction.version;
  }

  #moveTo(key: string): void {
    if (this.#query.direction === "asc") this.#left.low = successor(key);
    else this.#left.high = key;
  }

  #fetch(): void {
    const { source, direction, range } = this.#query;
    if (this.#exhausted || source === null) {
      this.#recordEverything();
      return;
    }
    this.#interval ??= this.#transaction.reads.add(
      spaceOf(source),
      direction === "asc"
        ? { low: range.low, high: range.low }
        : { low: range.high, high: range.high },
    );
    this.#buffer = this.#transaction.store.documents.scan(
      source,
      this.#left,
      direction,
      this.#fetchSize,
    );
    this.#at = 0;
    const last = this.#buffer.at(-1);
    if (last !== undefined) this.#moveTo(last.key);
    if (this.#buffer.length < this.#fetchSize) this.#exhausted = true;
    if (this.#buffer.length === 0) this.#recordEverything();
    this.#fetchSize = Math.min(this.#fetchSize * 2, MAX_FETCH);
  }

  /** The scan has seen the end of its range: anything new in the whole range matters to it. */
  #recordEverything(): void {
    if (this.#interval === null) return;
    this.#interval.low = this.#query.range.low;
    this.#interval.high = this.#query.range.high;
  }
}

function successor(key: string): string {
  return `${key}\x00`;
}

function tableInterval(transaction: Transaction, query: BoundQuery): KeyRange {
  const component = transaction.top?.component.path ?? "";
  const low = `${component}/${query.tableName}`;
  return { low, high: successor(low) };
}
