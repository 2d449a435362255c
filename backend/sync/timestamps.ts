/** Timestamps on the wire: u64 nanoseconds as base64 of 8 little-endian bytes. */

export function encodeTs(ts: bigint): string {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, ts));
  return bytes.toString("base64");
}

/** Null if the text is not base64 of exactly 8 bytes. */
export function decodeTs(text: string): bigint | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 8 ? bytes.readBigUInt64LE(0) : null;
}
