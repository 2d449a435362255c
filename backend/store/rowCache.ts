/**
 * Rows that are read again and again: documents by id, and the short answers of index lookups ("the machine with this
 * id", "the pulse of this machine"). Written through by Documents, so it never differs from the open SQLite transaction;
 * what a rollback undoes is forgotten.
 */
import type { KeyRange } from "./scan.ts";

type Lookups = {
  byPrefix: Map<string, string[]>;
  /** How many prefixes have a length. */ lengths: Map<number, number>;
};

/** Beyond these, everything is forgotten at once: simpler than picking, and rare. */
const MAX_CHARACTERS = 24 << 20;
const MAX_LOOKUPS = 100_000;
/** Longer answers are scans, which have no reason to stay. */
const MAX_KEYS = 8;

export class RowCache {
  readonly #documents = new Map<string, string>();
  readonly #lookups = new Map<string, Lookups>();
  #characters = 0;
  #lookupCount = 0;

  /** `space` names a table; `internalId` is 16 bytes as latin1. */
  document(space: string, internalId: string): string | undefined {
    return this.#documents.get(space + internalId);
  }

  remember(space: string, internalId: string, text: string): void {
    if (this.#characters > MAX_CHARACTERS) this.clear();
    const key = space + internalId;
    this.#characters += text.length - (this.#documents.get(key)?.length ?? 0);
    this.#documents.set(key, text);
  }

  /** A document was changed: only one that is remembered is worth remembering. */
  replace(space: string, internalId: string, text: string): void {
    if (this.#documents.has(space + internalId)) this.remember(space, internalId, text);
  }

  forget(space: string, internalId: string): void {
    const key = space + internalId;
    this.#characters -= this.#documents.get(key)?.length ?? 0;
    this.#documents.delete(key);
  }

  /** The keys of an index in a range, ascending, if they are known. */
  lookup(space: string, range: KeyRange): string[] | undefined {
    return isPrefix(range) ? this.#lookups.get(space)?.byPrefix.get(range.low) : undefined;
  }

  /** `keys` is all that the range holds. */
  rememberLookup(space: string, range: KeyRange, keys: string[]): void {
    if (!isPrefix(range) || keys.length > MAX_KEYS) return;
    if (this.#lookupCount >= MAX_LOOKUPS) this.clear();
    let lookups = this.#lookups.get(space);
    if (lookups === undefined)
      this.#lookups.set(space, (lookups = { byPrefix: new Map(), lengths: new Map() }));
    if (lookups.byPrefix.has(range.low)) return;
    lookups.byPrefix.set(range.low, keys);
    lookups.lengths.set(range.low.length, (lookups.lengths.get(range.low.length) ?? 0) + 1);
    this.#lookupCount++;
  }

  /** A key was added to or removed from an index: whatever answer it belongs to is not known any more. */
  forgetLookups(space: string, key: string): void {
    const lookups = this.#lookups.get(space);
    if (lookups === undefined) return;
    for (const [length, count] of lookups.lengths) {
      if (!lookups.byPrefix.delete(key.slice(0, length))) continue;
      this.#lookupCount--;
      if (count === 1) lookups.lengths.delete(length);
      else lookups.lengths.set(length, count - 1);
    }
  }

  clear(): void {
    this.#documents.clear();
    this.#lookups.clear();
    this.#characters = 0;
    this.#lookupCount = 0;
  }
}

function isPrefix({ low, high }: KeyRange): boolean {
  return (
    low !== "" && high.length === low.length + 1 && high.endsWith("\xff") && high.startsWith(low)
  );
}
