/** Random Convex values for property tests: every type, the edges of each, and often the same few, so that ties happen. */
import type { Value } from "convex/values";
import fc from "fast-check";

const EDGES: Value[] = [
  null,
  0n,
  -1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0,
  -0,
  1,
  -1.5,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  NaN,
  Infinity,
  -Infinity,
  false,
  true,
  "",
  "a",
  "a\u0000",
  "ab",
  "é",
  "\u{1f600}",
  "\uffff",
  [],
  [null],
  [1, "a"],
  {},
  { a: 1 },
  { a: 1, b: null },
  { b: 0 },
];

const bytes = fc.uint8Array({ maxLength: 4 }).map((array): Value => array.slice().buffer);
/** Convex stores no lone surrogates. */
const text = fc.string({ unit: "grapheme", maxLength: 4 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const fieldName = fc.stringMatching(/^[a-z]{1,3}$/);

/** A value that a document may hold. */
export const convexValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 8, arbitrary: fc.constantFrom(...EDGES) },
    { weight: 1, arbitrary: bytes },
    { weight: 2, arbitrary: text },
    { weight: 1, arbitrary: int64 },
    { weight: 2, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fieldName, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    },
  ),
})).value;

/** The same, or no value at all. */
export const optionalValue: fc.Arbitrary<Value | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 9, arbitrary: convexValue },
);
