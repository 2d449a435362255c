/**
 * JSON of an import as Convex values. Lines of a snapshot tell int64 and float64 apart by how the number is written
 * (exportValue.ts); in other files every number is a float64, and `{"$integer"}` is an int64.
 */
import { encodeFloat, encodeInt64, isEncodedObject, type Encoded } from "../../values/encoded.ts";

export type NumberStyle = "byLiteral" | "float";

/** Throws SyntaxError, or an error that says which value Convex has not. */
export function parseImported(text: string, numbers: NumberStyle): Encoded {
  const parsed: unknown =
    numbers === "float" ? JSON.parse(text) : (JSON.parse(text, keepInt64 as Reviver) as unknown);
  return toEncoded(parsed);
}

type Reviver = (key: string, value: unknown) => unknown;

/** The third argument is newer than TypeScript's types: the source text of the value. */
function keepInt64(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== "number" || !/^-?\d+$/.test(context.source ?? ".")) return value;
  const integer = BigInt(context.source ?? "0");
  return BigInt.asIntN(64, integer) === integer ? integer : value;
}

function toEncoded(value: unknown): Encoded {
  if (typeof value === "bigint") return { $integer: encodeInt64(value) };
  if (typeof value === "number") return encodeFloat(value);
  if (Array.isArray(value)) return value.map(toEncoded);
  if (!isEncodedObject(value)) return value as null | boolean | string;
  const names = Object.keys(value).sort();
  if (names[0]?.startsWith("$") === true) return specialValue(value, names);
  return Object.fromEntries(names.map((name) => [name, toEncoded(value[name])]));
}

function specialValue(value: Record<string, unknown>, names: string[]): Encoded {
  const [name = ""] = names;
  const content = value[name];
  if (names.length === 1 && typeof content === "string") {
    const bytes = Buffer.from(content, "base64");
    const isExact = bytes.toString("base64") === content;
    if (isExact && name === "$bytes") return { $bytes: content };
    if (isExact && name === "$integer" && bytes.length === 8) return { $integer: content };
    if (isExact && name === "$float" && bytes.length === 8)
      return encodeFloat(bytes.readDoubleLE(0));
  }
  throw new Error(`${JSON.stringify(value).slice(0, 100)} is not a value of Convex.`);
}
