/**
 * Finds who read a key that was just written. Every interval lies under the common prefix of its two ends, and most
 * intervals are exactly "all keys with this prefix": so a key is looked up by its prefixes of the lengths in use, which
 * costs the same with ten watches as with ten thousand.
 */
import type { KeyRange } from "../store/scan.ts";
import type { ReadSet } from "./readSet.ts";

type Entry<Owner> = { range: KeyRange; owner: Owner };

class Space<Owner> {
  readonly #byPrefix = new Map<string, Set<Entry<Owner>>>();
  /** How many prefixes there are of each length. */
  readonly #lengths = new Map<number, number>();

  add(entry: Entry<Owner>): void {
    const prefix = commonPrefix(entry.range);
    const entries = this.#byPrefix.get(prefix);
    if (entries !== undefined) {
      entries.add(entry);
      return;
    }
    this.#byPrefix.set(prefix, new Set([entry]));
    this.#lengths.set(prefix.length, (this.#lengths.get(prefix.length) ?? 0) + 1);
  }

  remove(entry: Entry<Owner>): void {
    const prefix = commonPrefix(entry.range);
    const entries = this.#byPrefix.get(prefix);
    if (entries === undefined || !entries.delete(entry) || entries.size > 0) return;
    this.#byPrefix.delete(prefix);
    const count = (this.#lengths.get(prefix.length) ?? 1) - 1;
    if (count === 0) this.#lengths.delete(prefix.length);
    else this.#lengths.set(prefix.length, count);
  }

  get isEmpty(): boolean {
    return this.#byPrefix.size === 0;
  }

  collect(key: string, owners: Set<Owner>): void {
    for (const length of this.#lengths.keys()) {
      if (length > key.length) continue;
      const entries = this.#byPrefix.get(key.slice(0, length));
      if (entries === undefined) continue;
      for (const { range, owner } of entries) {
        if (key >= range.low && key < range.high) owners.add(owner);
      }
    }
  }
}

export class IntervalIndex<Owner> {
  readonly #spaces = new Map<string, Space<Owner>>();
  readonly #owned = new Map<Owner, { space: string; entry: Entry<Owner> }[]>();

  /** Replaces what the owner has read. */
  set(owner: Owner, reads: ReadSet): void {
    this.delete(owner);
    const owned: { space: string; entry: Entry<Owner> }[] = [];
    for (const [name, ranges] of reads.intervals) {
      let space = this.#spaces.get(name);
      if (space === undefined) this.#spaces.set(name, (space = new Space()));
      for (const range of ranges) {
        if (range.low >= range.high) continue;
        const entry = { range: { ...range }, owner };
        space.add(entry);
        owned.push({ space: name, entry });
      }
    }
    this.#owned.set(owner, owned);
  }

  delete(owner: Owner): void {
    for (const { space, entry } of this.#owned.get(owner) ?? [])
      this.#spaces.get(space)?.remove(entry);
    this.#owned.delete(owner);
  }

  has(space: string): boolean {
    return this.#spaces.get(space)?.isEmpty === false;
  }

  collect(space: string, key: string, owners: Set<Owner>): void {
    this.#spaces.get(space)?.collect(key, owners);
  }
}

function commonPrefix({ low, high }: KeyRange): string {
  const most = Math.min(low.length, high.length);
  let at = 0;
  while (at < most && low.charCodeAt(at) === high.charCodeAt(at)) at++;
  return low.slice(0, at);
}
