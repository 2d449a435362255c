/**
 * The hash chain over what was decided and sent: each hash covers the entry and the hash before it, so that nothing
 * can be changed, added or left out in between without breaking all that follows.
 */

export interface LedgerRow {
  sequence: number;
  /** JSON: what happened. */
  entry: string;
  /** SHA-256 in hex. */
  hash: string;
}

/** Stands before the first entry. */
export const GENESIS = "0".repeat(64);

/** The text whose SHA-256 is a row's hash. */
export function linkText(
  previousHash: string,
  { sequence, entry }: Omit<LedgerRow, "hash">,
): string {
  return `${previousHash}\n${sequence}\n${entry}`;
}

export type Verdict =
  { ok: true; rows: number; head: string } | { ok: false; sequence: number; problem: string };

/**
 * Checks rows in their order. The first may stand in the middle of the chain; then `previousHash` is what the export
 * says about the row before it.
 */
export async function verifyChain(
  rows: Iterable<LedgerRow> | AsyncIterable<LedgerRow>,
  previousHash: string,
  sha256Hex: (text: string) => Promise<string>,
): Promise<Verdict> {
  let head = previousHash;
  let last: number | null = null;
  let count = 0;
  for await (const row of rows) {
    if (last !== null && row.sequence !== last + 1) {
      const problem = `entry ${last + 1} is missing`;
      return { ok: false, sequence: row.sequence, problem };
    }
    if ((await sha256Hex(linkText(head, row))) !== row.hash) {
      return { ok: false, sequence: row.sequence, problem: "the hash does not fit the entry" };
    }
    head = row.hash;
    last = row.sequence;
    count += 1;
  }
  return { ok: true, rows: count, head };
}
