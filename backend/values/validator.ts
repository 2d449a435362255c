/**
 * Convex validators (the JSON that `exportArgs`, `exportReturns` and `schema.export()` give) compiled to functions that
 * check encoded values and say precisely what does not fit.
 */
import {
  fieldOf,
  specialKind,
  isEncodedObject,
  type Encoded,
  type EncodedObject,
} from "./encoded.ts";
import { printValidator, printValue } from "./print.ts";

export type ObjectField = { fieldType: ValidatorJson; optional: boolean };
export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" | "commitTs" }
  | { type: "literal"; value: Encoded }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: ObjectField }
  | { type: "union"; value: ValidatorJson[] }
  | { type: "object"; value: Record<string, ObjectField> };

/** Says whether a text is the id of a document of that table in the component that is running. */
export type IdCheck = (text: string, tableName: string) => boolean;

/** What does not fit, in the words that the real backend uses. */
export type Mismatch = { message: string };
export type Check = (value: Encoded, isId: IdCheck) => Mismatch | null;
type PathCheck = (value: Encoded, isId: IdCheck, path: string) => Mismatch | null;

export function compileValidator(validator: ValidatorJson): Check {
  const check = compile(validator);
  return (value, isId) => check(value, isId, "");
}

function compile(validator: ValidatorJson): PathCheck {
  switch (validator.type) {
    case "any":
      return () => null;
    case "null":
      return leaf(validator, (value) => value === null);
    case "number":
      return leaf(validator, (value) => typeof value === "number" || isSpecial(value, "float"));
    case "boolean":
      return leaf(validator, (value) => typeof value === "boolean");
    case "string":
      return leaf(validator, (value) => typeof value === "string");
    case "bigint":
      return leaf(validator, (value) => isSpecial(value, "integer"));
    case "commitTs":
      return leaf(
        validator,
        (value) => isSpecial(value, "integer") || isSpecial(value, "commitTs"),
      );
    case "bytes":
      return leaf(validator, (value) => isSpecial(value, "bytes"));
    case "literal": {
      const wanted = JSON.stringify(validator.value);
      return leaf(validator, (value) => JSON.stringify(value) === wanted);
    }
    case "id":
      return compileId(validator.tableName);
    case "array":
      return compileArray(validator);
    case "record":
      return compileRecord(validator);
    case "union":
      return compileUnion(validator);
    case "object":
      return compileObject(validator);
    default:
      return validator satisfies never;
  }
}

function leaf(validator: ValidatorJson, fits: (value: Encoded) => boolean): PathCheck {
  return (value, _isId, path) => (fits(value) ? null : mismatch(value, validator, path));
}

function compileId(tableName: string): PathCheck {
  return (value, isId, path) => {
    if (typeof value === "string" && isId(value, tableName)) return null;
    if (typeof value !== "string") return mismatch(value, { type: "id", tableName }, path);
    return {
      message:
        `Found ID "${value.slice(0, 64)}" that does not match the table name in validator \`v.id("${tableName}")\`.` +
        (path === "" ? "" : `\nPath: ${path}`),
    };
  };
}

function compileArray(validator: ValidatorJson & { type: "array" }): PathCheck {
  const item = compile(validator.value);
  return (value, isId, path) => {
    if (!Array.isArray(value)) return mismatch(value, validator, path);
    for (let at = 0; at < value.length; at++) {
      const wrong = item(value[at] ?? null, isId, `${path}[${at}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

function compileRecord(validator: ValidatorJson & { type: "record" }): PathCheck {
  const keys = compile(validator.keys);
  const values = compile(validator.values.fieldType);
  return (value, isId, path) => {
    if (!isPlainObject(value)) return mismatch(value, validator, path);
    for (const [key, field] of Object.entries(value)) {
      const wrong = keys(key, isId, `${path}.${key}`) ?? values(field, isId, `${path}.${key}`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

function compileUnion(validator: ValidatorJson & { type: "union" }): PathCheck {
  const members = validator.value.map(compile);
  return (value, isId, path) => {
    let only: Mismatch | null = null;
    for (const member of members) {
      only = member(value, isId, path);
      if (only === null) return null;
    }
    return members.length === 1 ? only : mismatch(value, validator, path);
  };
}

function compileObject(validator: ValidatorJson & { type: "object" }): PathCheck {
  const fields = new Map(
    Object.entries(validator.value).map(([name, field]) => [
      name,
      { check: compile(field.fieldType), optional: field.optional },
    ]),
  );
  return (value, isId, path) => {
    if (!isPlainObject(value)) return mismatch(value, validator, path);
    for (const [name, field] of fields) {
      const found = fieldOf(value, name);
      if (found === undefined) {
        if (field.optional) continue;
        return objectMismatch(
          `Object is missing the required field \`${name}\`. Consider wrapping the field validator in ` +
            "`v.optional(...)` if this is expected.",
          value,
          validator,
          path,
        );
      }
      const wrong = field.check(found, isId, `${path}.${name}`);
      if (wrong !== null) return wrong;
    }
    for (const name in value) {
      if (fields.has(name)) continue;
      return objectMismatch(
        `Object contains extra field \`${name.slice(0, 64)}\` that is not in the validator.`,
        value,
        validator,
        path,
      );
    }
    return null;
  };
}

function isSpecial(value: Encoded, kind: string): boolean {
  return isEncodedObject(value) && specialKind(value) === kind;
}

function isPlainObject(value: Encoded): value is EncodedObject {
  return isEncodedObject(value) && specialKind(value) === null;
}

function mismatch(value: Encoded, validator: ValidatorJson, path: string): Mismatch {
  const where = path === "" ? "" : `Path: ${path}\n`;
  return {
    message: `Value does not match validator.\n${where}Value: ${printValue(value)}\nValidator: ${printValidator(validator)}`,
  };
}

function objectMismatch(
  reason: string,
  value: EncodedObject,
  validator: ValidatorJson,
  path: string,
): Mismatch {
  const where = path === "" ? "" : `Path: ${path}\n`;
  return {
    message: `${reason}\n\n${where}Object: ${printValue(value)}\nValidator: ${printValidator(validator)}`,
  };
}
