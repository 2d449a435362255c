/**
 * Documents as lines of a snapshot export, in the form that Convex calls "export JSON": int64 as an integer literal,
 * float64 always with a point or an exponent, bytes and non-finite floats as `{"$bytes"}` and `{"$float"}`. Nothing is
 * lost, so the same lines come back from here and from Convex as the same documents.
 */
import {
  decodeInt64,
  decodeSpecialFloat,
  special,
  specialKind,
  type Encoded,
} from "../../values/encoded.ts";

/** One line, without its end. `text` is a stored document. */
export function exportLine(text: string): string {
  return exportJson(JSON.parse(text) as Encoded);
}

function exportJson(value: Encoded): string {
  if (typeof value === "number") return floatLiteral(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exportJson).join(",")}]`;
  switch (specialKind(value)) {
    case "integer":
      return String(decodeInt64(special(value, "$integer")));
    case "float": {
      const float = decodeSpecialFloat(special(value, "$float"));
      return Number.isFinite(float) ? floatLiteral(float) : JSON.stringify(value);
    }
    default: {
      const fields = Object.entries(value);
      return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${exportJson(field)}`).join(",")}}`;
    }
  }
}

function floatLiteral(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
