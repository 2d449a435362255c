/**
 * Byte strings that sort as Convex orders values: undefined < null < int64 < float64 < boolean < string < bytes < array <
 * object. A key is a JavaScript string of latin1 characters, one for each byte: it compares with `<`, is a Map key, and
 * becomes a Buffer only at SQLite's door.
 */
import { decodeInt64, decodeSpecialFloat, specialKind, type Encoded } from "./encoded.ts";

const TAG = {
  undefined: "\x01",
  null: "\x03",
  int64: "\x04",
  float64: "\x0d",
  false: "\x0e",
  true: "\x0f",
  string: "\x10",
  bytes: "\x11",
  array: "\x12",
  object: "\x15",
};
const END = "\x00";
/** Above every tag: `key + AFTER` ends the range of all keys that start with `key`. */
export const AFTER = "\xff";

const scratch = Buffer.alloc(8);
/** Printable ASCII is its own UTF-8 and holds no zero byte. */
const PLAIN = /^[ -~]*$/;

/** The sort key of one value; `undefined` is a missing field. */
export function sortKey(value: Encoded | undefined): string {
  if (value === undefined) return TAG.undefined;
  if (value === null) return TAG.null;
  if (typeof value === "number") return TAG.float64 + floatKey(value);
  if (typeof value === "string") return TAG.string + stringKey(value);
  if (typeof value === "boolean") return value ? TAG.true : TAG.false;
  if (Array.isArray(value)) {
    let key = TAG.array;
    for (const item of value) key += sortKey(item);
    return key + END;
  }
  return objectKey(value);
}

function objectKey(value: { [key: string]: Encoded }): string {
  const kind = specialKind(value);
  switch (kind) {
    case "integer":
      return TAG.int64 + intKey(decodeInt64(value["$integer"] as string));
    case "float":
      return TAG.float64 + floatKey(decodeSpecialFloat(value["$float"] as string));
    case "bytes":
      return (
        TAG.bytes +
        escapeZeros(Buffer.from(value["$bytes"] as string, "base64").toString("latin1")) +
        END
      );
    case "undefined":
      return TAG.undefined;
    case "commitTs":
      return TAG.int64 + intKey(0x7fffffffffffffffn);
    case null: {
      let key = TAG.object;
      for (const name of Object.keys(value).sort())
        key += TAG.string + stringKey(name) + sortKey(value[name]);
      return key + END;
    }
    default:
      return kind satisfies never;
  }
}

function intKey(value: bigint): string {
  scratch.writeBigUInt64BE(BigInt.asUintN(64, value) ^ 0x8000000000000000n);
  return scratch.toString("latin1", 0, 8);
}

/** IEEE total order: the sign bit flipped for positives, all bits for negatives. */
export function floatKey(value: number): string {
  scratch.writeDoubleBE(value);
  if ((scratch[0] ?? 0) & 0x80) {
    for (let i = 0; i < 8; i++) scratch[i] = ~(scratch[i] ?? 0);
  } else {
    scratch[0] = (scratch[0] ?? 0) ^ 0x80;
  }
  return scratch.toString("latin1", 0, 8);
}

function stringKey(value: string): string {
  if (PLAIN.test(value)) return value + END;
  return escapeZeros(Buffer.from(value, "utf8").toString("latin1")) + END;
}

function escapeZeros(bytes: string): string {
  return bytes.includes("\x00") ? bytes.replaceAll("\x00", "\x00\xff") : bytes;
}

export function keyToBuffer(key: string): Buffer {
  return Buffer.from(key, "latin1");
}

export function bufferToKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
