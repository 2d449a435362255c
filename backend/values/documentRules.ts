/** What every document must obey whatever its schema says: sizes, nesting, field names, no unresolved undefined. */
import {
  special,
  specialKind,
  type Encoded,
  type EncodedObject,
  type SpecialKind,
} from "./encoded.ts";
import { bytesOver, LIMITS } from "./limits.ts";

/** Null when the document may be stored, else a sentence that says why not. `text` is its JSON. */
export function documentProblem(doc: EncodedObject, text: string): string | null {
  const bytes = bytesOver(text, LIMITS.documentBytes);
  if (bytes !== null) {
    return `Value is too large (${bytes} bytes > maximum size ${LIMITS.documentBytes} bytes)`;
  }
  return valueProblem(doc, LIMITS.documentNesting, true);
}

export function argumentsProblem(value: Encoded, text: string): string | null {
  const bytes = bytesOver(text, LIMITS.argsBytes);
  if (bytes !== null) {
    return `Arguments are too large (${bytes} bytes, limit: ${LIMITS.argsBytes} bytes)`;
  }
  return valueProblem(value, LIMITS.valueNesting, false);
}

/** `path` is `module:function`, `text` the JSON of what it returned. */
export function returnProblem(path: string, text: string): string | null {
  const bytes = bytesOver(text, LIMITS.returnBytes);
  if (bytes === null) return null;
  return `Function ${path.replace(":", ".js:")} return value is too large (actual: ${mebibytes(bytes)}, limit: ${mebibytes(LIMITS.returnBytes)})`;
}

const mebibytes = (bytes: number): string => `${Math.round((bytes / (1 << 20)) * 100) / 100} MiB`;

function valueProblem(value: Encoded, levels: number, topLevel: boolean): string | null {
  if (value === null || typeof value !== "object") return null;
  if (levels <= 0) return "Value is too nested (maximum nesting 64, or 16 in a document)";
  if (Array.isArray(value)) {
    if (value.length > LIMITS.arrayItems) {
      return `Array length is too long (${value.length} > maximum length ${LIMITS.arrayItems})`;
    }
    for (const item of value) {
      const problem = valueProblem(item, levels - 1, false);
      if (problem !== null) return problem;
    }
    return null;
  }
  const kind = specialKind(value);
  if (kind !== null) return specialProblem(value, kind);
  const names = Object.keys(value);
  if (names.length > LIMITS.fields) {
    return `Object has too many fields (${names.length} > maximum number ${LIMITS.fields})`;
  }
  for (const name of names) {
    const problem =
      fieldNameProblem(name, topLevel) ?? valueProblem(value[name] ?? null, levels - 1, false);
    if (problem !== null) return problem;
  }
  return null;
}

/** Int64 and special floats are 8 bytes of base64. */
function specialProblem(value: EncodedObject, kind: SpecialKind): string | null {
  if (kind !== "integer" && kind !== "float") return null;
  const text = special(value, kind === "integer" ? "$integer" : "$float");
  return /^[A-Za-z0-9+/]{11}=$/.test(text)
    ? null
    : `${JSON.stringify(value)} is not a valid ${kind}: it must be 8 bytes of base64.`;
}

function fieldNameProblem(name: string, topLevel: boolean): string | null {
  const limit = topLevel ? LIMITS.fieldNameChars : LIMITS.nestedFieldNameChars;
  if (name.length > limit)
    return `Field name ${name.slice(0, 40)}… is too long (maximum ${limit} characters)`;
  if (name.length === 0) return "Field names cannot be empty";
  if (name.startsWith("$"))
    return `Field name ${name.slice(0, 40)} starts with '$', which is reserved.`;
  if (topLevel && name.startsWith("_")) {
    return `Field name ${name.slice(0, 40)} starts with '_', which is reserved for system fields.`;
  }
  if (!/^[ -~]*$/.test(name))
    return `Field name ${JSON.stringify(name)} has invalid characters: use ASCII only.`;
  return null;
}
