/** Values and validators as a developer would write them, for error messages. Bounded: a message is not a dump. */
import {
  decodeInt64,
  decodeSpecialFloat,
  isEncodedObject,
  special,
  specialKind,
  type Encoded,
} from "./encoded.ts";
import type { ValidatorJson } from "./validator.ts";

const MAX_TEXT = 2_000;

export function printValue(value: Encoded): string {
  return bounded(print(value));
}

export function printValidator(validator: ValidatorJson): string {
  return bounded(describe(validator));
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function print(value: Encoded): string {
  if (Array.isArray(value)) return `[${value.slice(0, 50).map(print).join(", ")}]`;
  if (typeof value === "number") return printFloat(value);
  if (!isEncodedObject(value)) return JSON.stringify(value);
  const kind = specialKind(value);
  if (kind === "integer") return `${decodeInt64(special(value, "$integer"))}n`;
  if (kind === "bytes") return `Bytes(${JSON.stringify(value["$bytes"])})`;
  if (kind === "float") return printFloat(decodeSpecialFloat(special(value, "$float")));
  const fields = Object.entries(value).slice(0, 50);
  return `{${fields.map(([name, field]) => `${name}: ${print(field)}`).join(", ")}}`;
}

/** As Convex prints float64, so that 7.0 and the int64 7 can be told apart. */
function printFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf");
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

function describe(validator: ValidatorJson): string {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "null":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
    case "commitTs":
      return `v.${validator.type}()`;
    case "literal":
      return `v.literal(${print(validator.value)})`;
    case "id":
      return `v.id("${validator.tableName}")`;
    case "array":
      return `v.array(${describe(validator.value)})`;
    case "record":
      return `v.record(${describe(validator.keys)}, ${describe(validator.values.fieldType)})`;
    case "union":
      return `v.union(${validator.value.map(describe).join(", ")})`;
    case "object": {
      const fields = Object.entries(validator.value).map(([name, field]) => {
        const type = describe(field.fieldType);
        return `${name}: ${field.optional ? `v.optional(${type})` : type}`;
      });
      return `v.object({${fields.join(", ")}})`;
    }
    default:
      return validator satisfies never;
  }
}
