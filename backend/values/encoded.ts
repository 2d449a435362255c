/**
 * Convex values in the JSON form that crosses every wire (`$integer`, `$float`, `$bytes`, `$commitTs`). The backend keeps
 * values in this form from the socket to the disk; only user code sees bigint and ArrayBuffer.
 */
export type Encoded = null | boolean | number | string | Encoded[] | EncodedObject;
export type EncodedObject = { [key: string]: Encoded };

export type SpecialKind = "integer" | "float" | "bytes" | "commitTs" | "undefined";

const SPECIAL_KEYS = new Map<string, SpecialKind>([
  ["$integer", "integer"],
  ["$float", "float"],
  ["$bytes", "bytes"],
  ["$commitTs", "commitTs"],
  ["$undefined", "undefined"],
]);

/** Says which special value an object stands for, or null for a plain object. */
export function specialKind(value: EncodedObject): SpecialKind | null {
  let only: string | null = null;
  for (const key in value) {
    if (only !== null) return null;
    only = key;
  }
  return only === null ? null : (SPECIAL_KEYS.get(only) ?? null);
}

/** A field of an object's own: every object answers to `constructor`, too. */
export function fieldOf(value: EncodedObject, name: string): Encoded | undefined {
  const found = value[name];
  // Values are never functions, and asking for their type costs less than asking whose they are.
  return typeof found === "function" ? undefined : found;
}

export function isEncodedObject(value: unknown): value is EncodedObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text inside a special value: `special(value, "$integer")`. */
export function special(value: EncodedObject, key: string): string {
  const text = value[key];
  return typeof text === "string" ? text : "";
}

/** The 8 little-endian bytes of an int64, as `$integer` and the sync protocol write them. */
export function encodeInt64(value: bigint): string {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return bytes.toString("base64");
}

export function decodeInt64(text: string): bigint {
  return Buffer.from(text, "base64").readBigInt64LE(0);
}

/** The float of `{$float}`: NaN, an infinity or -0. */
export function decodeSpecialFloat(text: string): number {
  return Buffer.from(text, "base64").readDoubleLE(0);
}

export function encodeFloat(value: number): Encoded {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return { $float: bytes.toString("base64") };
}

/** Field names of a document in the order in which Convex stores and returns them. */
export function withSortedKeys(value: EncodedObject): EncodedObject {
  const sorted: EncodedObject = {};
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) sorted[key] = field;
  }
  return sorted;
}
