/** `.filter()` expressions over a stored document, with Convex's own order and equality. */
import { fieldAt } from "../../store/documents.ts";
import {
  decodeInt64,
  decodeSpecialFloat,
  encodeFloat,
  encodeInt64,
  isEncodedObject,
  special,
  specialKind,
  type Encoded,
  type EncodedObject,
} from "../../values/encoded.ts";
import { sortKey } from "../../values/sortKey.ts";

export type Expression = { [operator: string]: unknown } | Encoded;
type Found = Encoded | undefined;

export function passes(expression: Expression, doc: EncodedObject): boolean {
  return evaluate(expression, doc) === true;
}

function evaluate(expression: unknown, doc: EncodedObject): Found {
  if (!isEncodedObject(expression)) return expression as Encoded;
  const operator = Object.keys(expression)[0] ?? "";
  const operand = (expression as Record<string, unknown>)[operator];
  switch (operator) {
    case "$field":
      return fieldAt(doc, String(operand).split("."));
    case "$literal":
      return literal(operand as Encoded);
    case "$and":
      return (operand as unknown[]).every((part) => evaluate(part, doc) === true);
    case "$or":
      return (operand as unknown[]).some((part) => evaluate(part, doc) === true);
    case "$not":
      return evaluate(operand, doc) !== true;
    case "$neg":
      return negated(evaluate(operand, doc));
    default: {
      const [left, right] = operand as [unknown, unknown];
      return binary(operator, evaluate(left, doc), evaluate(right, doc));
    }
  }
}

function literal(value: Encoded): Found {
  return isEncodedObject(value) && specialKind(value) === "undefined" ? undefined : value;
}

function binary(operator: string, left: Found, right: Found): Found {
  switch (operator) {
    case "$eq":
      return sortKey(left) === sortKey(right);
    case "$neq":
      return sortKey(left) !== sortKey(right);
    case "$lt":
      return sortKey(left) < sortKey(right);
    case "$lte":
      return sortKey(left) <= sortKey(right);
    case "$gt":
      return sortKey(left) > sortKey(right);
    case "$gte":
      return sortKey(left) >= sortKey(right);
    case "$add":
    case "$sub":
    case "$mul":
    case "$div":
    case "$mod":
      return arithmetic(operator, left, right);
    default:
      throw new Error(`Unknown filter operator ${operator}.`);
  }
}

function arithmetic(
  operator: "$add" | "$sub" | "$mul" | "$div" | "$mod",
  left: Found,
  right: Found,
): Found {
  const a = numeric(left);
  const b = numeric(right);
  if (typeof a === "bigint" && typeof b === "bigint")
    return { $integer: encodeInt64(integers(operator, a, b)) };
  if (typeof a === "number" && typeof b === "number") return encodeFloat(floats(operator, a, b));
  throw new Error(`Filter operator ${operator} needs two numbers of the same kind.`);
}

function integers(operator: string, a: bigint, b: bigint): bigint {
  if (operator === "$add") return a + b;
  if (operator === "$sub") return a - b;
  if (operator === "$mul") return a * b;
  if (b === 0n) throw new Error("Filter divides an int64 by zero.");
  return operator === "$div" ? a / b : a % b;
}

function floats(operator: string, a: number, b: number): number {
  if (operator === "$add") return a + b;
  if (operator === "$sub") return a - b;
  if (operator === "$mul") return a * b;
  return operator === "$div" ? a / b : a % b;
}

function numeric(value: Found): number | bigint | null {
  if (typeof value === "number") return value;
  if (!isEncodedObject(value)) return null;
  const kind = specialKind(value);
  if (kind === "integer") return decodeInt64(special(value, "$integer"));
  return kind === "float" ? decodeSpecialFloat(special(value, "$float")) : null;
}

/** Not a subtraction from zero: the negative of 0 is -0. */
function negated(value: Found): Found {
  const number = numeric(value);
  if (typeof number === "number") return encodeFloat(-number);
  return arithmetic("$sub", { $integer: encodeInt64(0n) }, value);
}
