/**
 * Checks an exported delivery log: `node scripts/verifyDeliveries.ts log.jsonl`. One row per line, oldest first, as
 * deliveries.ledger returns them. Needs no installation and no network: anybody can check what they were given.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { GENESIS, type LedgerRow, verifyChain } from "../core/ledger.ts";

type ExportedRow = LedgerRow & { previousHash?: string | null };

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("Usage: node scripts/verifyDeliveries.ts <export.jsonl>");
  process.exitCode = 2;
} else {
  await verify(path);
}

async function verify(file: string): Promise<void> {
  const start = await firstRow(file);
  if (start === null) {
    console.error("There is no row in this file.");
    process.exitCode = 1;
    return;
  }
  const previousHash = start.previousHash ?? (start.sequence === 1 ? GENESIS : null);
  // What the first row builds on is no longer known: it is taken as it stands, and the rest is checked against it.
  const anchor = previousHash ?? start.hash;
  const rows = previousHash === null ? skipFirst(rowsOf(file)) : rowsOf(file);
  const verdict = await verifyChain(rows, anchor, sha256Hex);
  if (!verdict.ok) {
    console.error(`BROKEN at entry ${verdict.sequence}: ${verdict.problem}.`);
    process.exitCode = 1;
    return;
  }
  console.log(`OK: ${verdict.rows} entries from ${start.sequence} on, head ${verdict.head}`);
  if (previousHash === null) console.log("The entry before the first is not known.");
}

async function* rowsOf(file: string): AsyncGenerator<ExportedRow> {
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) {
    if (line.trim() !== "") yield parse(line);
  }
}

async function* skipFirst(rows: AsyncGenerator<ExportedRow>): AsyncGenerator<ExportedRow> {
  await rows.next();
  yield* rows;
}

async function firstRow(file: string): Promise<ExportedRow | null> {
  for await (const row of rowsOf(file)) return row;
  return null;
}

function parse(line: string): ExportedRow {
  const row = JSON.parse(line) as Partial<ExportedRow>;
  if (typeof row.sequence !== "number" || typeof row.entry !== "string") {
    throw new Error(`This line is no row of the log: ${line.slice(0, 80)}`);
  }
  return { hash: "", ...row, sequence: row.sequence, entry: row.entry };
}

async function sha256Hex(text: string): Promise<string> {
  return createHash("sha256").update(text).digest("hex");
}
