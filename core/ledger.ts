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
