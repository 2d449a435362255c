/**
 * Which mutations of which client session were already done, stored in the same transaction as the mutation itself: a
 * mutation that is sent again after a lost connection or a crash gets the answer of its first run.
 */
import type { Database } from "./database.ts";

export type StoredOutcome = { outcome: string; ts: bigint };

/** Official clients give up re-sending long before; the real backend keeps these for as long. */
const RETENTION_NS = 14n * 24n * 3600n * 1_000_000_000n;

export function findSessionRequest(
  database: Database,
  session: string,
  request: number,
): StoredOutcome | null {
  const row = database
    .statement(
      "SELECT outcome, CAST(ts AS TEXT) FROM sessionRequests WHERE session = ? AND request = ?",
    )
    .get(session, request);
  return row === undefined ? null : { outcome: String(row[0]), ts: BigInt(String(row[1])) };
}

export function storeSessionRequest(
  database: Database,
  session: string,
  request: number,
  stored: StoredOutcome,
): void {
  database
    .statement(
      "INSERT OR REPLACE INTO sessionRequests (session, request, outcome, ts) VALUES (?, ?, ?, ?)",
    )
    .run(session, request, stored.outcome, stored.ts);
}

/** Removes up to `limit` records that no client can ask for any more. Returns how many. */
export function pruneSessionRequests(database: Database, nowTs: bigint, limit: number): number {
  const old = database
    .statement("SELECT session, request FROM sessionRequests WHERE ts < ? ORDER BY ts LIMIT ?")
    .all(nowTs - RETENTION_NS, limit);
  const remove = database.statement(
    "DELETE FROM sessionRequests WHERE session = ? AND request = ?",
  );
  for (const [session = null, request = null] of old) remove.run(session, request);
  return old.length;
}
