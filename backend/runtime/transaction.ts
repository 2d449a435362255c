/**
 * One transaction: what it has read and written, its snapshot time, its limits, and which of its nested calls may act
 * right now. Isolation comes from the executor, which runs one at a time.
 */
import type { TableInfo } from "../store/catalog.ts";
import { reloadStore, type Store, type TouchedKey } from "../store/documents.ts";
import type { EncodedObject } from "../values/encoded.ts";
import { LIMITS } from "../values/limits.ts";
import type { Usage } from "./engine.ts";
import type { Frame } from "./frame.ts";
import { ReadSet } from "./readSet.ts";

/** A new or changed job that the scheduler must learn of once this is committed. */
export type ScheduleChange = { dueMs: number };

type Savepoint = { keep: () => void; undo: () => void };

/** A function that patches reads a few documents first; one that scans thousands does not patch them all. */
const SEEN_DOCUMENTS = 64;

export class Transaction {
  readonly store: Store;
  /** Commit timestamp of a mutation, snapshot timestamp of a query; ns. */
  readonly ts: bigint;
  readonly nowMs: number;
  readonly reads = new ReadSet();
  /** Keys touched, with those of nested calls that were rolled back removed. */
  writes: TouchedKey[] = [];
  scheduled: ScheduleChange[] = [];
  identityRead = false;
  /** Set by the first page of a paginated query: makes a re-run end at the same place. */
  journal: string | null = null;
  nextJournal: string | null = null;
  paginated = false;
  /** Grows with each write, so that an open scan knows that what it has buffered is old. */
  version = 0;
  /** Asynchronous platform work (crypto) that this transaction legitimately waits for. */
  pendingOperations = 0;
  ended = false;

  readDocuments = 0;
  readBytes = 0;
  readRanges = 0;
  writtenDocuments = 0;
  writtenBytes = 0;
  /** Of the arguments of scheduled functions. */
  scheduledBytes = 0;
  readonly files = { read: 0, readBytes: 0, written: 0, writtenBytes: 0 };

  #creationTime: number;
  readonly #stack: Frame[] = [];
  #waiting: { frame: Frame; resume: () => void }[] = [];
  #savepoints = 0;
  /** Outermost first. */
  readonly #open: Savepoint[] = [];
  readonly #seen = new Map<string, string>();

  constructor(store: Store, ts: bigint, journal: string | null) {
    this.store = store;
    this.ts = ts;
    this.journal = journal;
    const milliseconds = Number(ts / 1_000n) / 1_000;
    this.nowMs = Math.floor(milliseconds);
    this.#creationTime = milliseconds;
  }

  /** Milliseconds, strictly increasing within the transaction. */
  nextCreationTime(): number {
    const time = this.#creationTime;
    this.#creationTime = nextFloat(time);
    return time;
  }

  get usage(): Usage {
    const { readDocuments, readBytes, writtenDocuments, writtenBytes } = this;
    return { readDocuments, readBytes, writtenDocuments, writtenBytes };
  }

  countRead(documents: number, bytes: number): void {
    this.readDocuments += documents;
    this.readBytes += bytes;
    if (this.readDocuments > LIMITS.readDocuments) {
      throw new Error(
        `Too many documents read in a single function execution (limit: ${LIMITS.readDocuments}). ` +
          "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.",
      );
    }
    if (this.readBytes > LIMITS.readBytes) {
      throw new Error(
        `Too many bytes read in a single function execution (limit: ${LIMITS.readBytes} bytes). ` +
          "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.",
      );
    }
  }

  countFileRead(bytes: number): void {
    checkFiles("read", ++this.files.read, (this.files.readBytes += bytes));
  }

  countFileWrite(bytes: number): void {
    checkFiles("written", ++this.files.written, (this.files.writtenBytes += bytes));
  }

  countRange(): void {
    if (++this.readRanges <= LIMITS.readRanges) return;
    throw new Error(`Too many reads in a single function execution (limit: ${LIMITS.readRanges}).`);
  }

  countWrite(bytes: number, touched: TouchedKey[]): void {
    this.version++;
    this.writtenDocuments++;
    this.writtenBytes += bytes;
    for (const one of touched) this.writes.push(one);
    if (this.writtenDocuments > LIMITS.writeDocuments) {
      throw new Error(
        `Too many documents written in a single function execution (limit: ${LIMITS.writeDocuments}).`,
      );
    }
    if (this.writtenBytes > LIMITS.writeBytes) {
      throw new Error(
        `Too many bytes written in a single function execution (limit: ${LIMITS.writeBytes} bytes).`,
      );
    }
  }

  countScheduled(dueMs: number, argsBytes: number): void {
    this.scheduled.push({ dueMs });
    this.scheduledBytes += argsBytes;
    if (this.scheduled.length > LIMITS.scheduledFunctions) {
      throw new Error(
        `Too many functions scheduled by this mutation (limit: ${LIMITS.scheduledFunctions})`,
      );
    }
    if (this.scheduledBytes > LIMITS.scheduledBytes) {
      throw new Error(
        `Too large total size of the arguments of scheduled functions from this mutation (limit: ${LIMITS.scheduledBytes} bytes)`,
      );
    }
  }

  /** The current text of a document that this transaction has seen lately, which spares reading it before a patch. */
  seen(table: TableInfo, internalId: string): string | undefined {
    return this.#seen.get(table.space + internalId);
  }

  /** Call with every text read or written; null when the document is gone. */
  see(table: TableInfo, internalId: string, text: string | null): void {
    const key = table.space + internalId;
    if (text === null) this.#seen.delete(key);
    else if (this.#seen.size < SEEN_DOCUMENTS || this.#seen.has(key)) this.#seen.set(key, text);
  }

  /** The frame whose calls are served now; calls of its callers wait until it has ended. */
  get top(): Frame | undefined {
    return this.#stack.at(-1);
  }

  push(frame: Frame): void {
    this.#stack.push(frame);
  }

  pop(frame: Frame): void {
    const at = this.#stack.indexOf(frame);
    if (at === -1) return;
    // With what it has called and not waited for.
    this.#stack.length = at;
    const ready = this.#waiting.filter((one) => one.frame === this.top);
    this.#waiting = this.#waiting.filter((one) => one.frame !== this.top);
    for (const one of ready) one.resume();
  }

  /** Resolves when the frame is the top one again. Whoever resumes checks once more: another may have been quicker. */
  turnOf(frame: Frame): Promise<void> {
    return new Promise((resume) => this.#waiting.push({ frame, resume }));
  }

  /** Opens a savepoint; the returned functions keep or undo everything since. Nested ones end in reverse order. */
  savepoint(): Savepoint {
    const name = `s${this.#savepoints++}`;
    const { database } = this.store;
    const writes = this.writes.length;
    const scheduled = this.scheduled.length;
    const { scheduledBytes } = this;
    database.statement(`SAVEPOINT ${name}`).run();
    // One that is over already stays so: its name may be that of another transaction's by now.
    const close = () => {
      const at = this.#open.indexOf(own);
      if (at === -1) return false;
      this.#undoFrom(at + 1);
      this.#open.pop();
      return true;
    };
    const own: Savepoint = {
      keep: () => {
        if (close()) database.statement(`RELEASE ${name}`).run();
      },
      undo: () => {
        if (!close()) return;
        database.statement(`ROLLBACK TO ${name}`).run();
        database.statement(`RELEASE ${name}`).run();
        this.#seen.clear();
        if (this.writes.some((one) => one.space === "tables")) reloadStore(this.store);
        this.store.documents.forget(this.writes.slice(writes));
        this.writes.length = writes;
        this.scheduled.length = scheduled;
        this.scheduledBytes = scheduledBytes;
        this.version++;
      },
    };
    this.#open.push(own);
    return own;
  }

  /** The function has returned. What nested calls have written that it did not wait for is undone: they are not over. */
  end(): void {
    this.ended = true;
    this.#undoFrom(1);
  }

  #undoFrom(at: number): void {
    while (this.#open.length > at) this.#open.at(-1)?.undo();
  }
}

function checkFiles(verb: "read" | "written", files: number, bytes: number): void {
  if (files > LIMITS.transactionFiles) {
    throw new Error(
      `Too many files ${verb} in a single function execution (limit: ${LIMITS.transactionFiles}). Use an action.`,
    );
  }
  if (bytes > LIMITS.transactionFileBytes) {
    throw new Error(
      `Too many bytes of files ${verb} in a single function execution (limit: ${LIMITS.transactionFileBytes} bytes). Use an action.`,
    );
  }
}

/** A stored document parsed; the caller may keep it, nobody else does. */
export function parseDocument(text: string): EncodedObject {
  return JSON.parse(text) as EncodedObject;
}

const floatBits = new DataView(new ArrayBuffer(8));

function nextFloat(value: number): number {
  floatBits.setFloat64(0, value);
  floatBits.setBigInt64(0, floatBits.getBigInt64(0) + 1n);
  return floatBits.getFloat64(0);
}
