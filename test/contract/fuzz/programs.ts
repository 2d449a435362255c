/** Random programs for fuzzApp: short, over few rows and values that repeat, so that steps meet each other. */
import fc from "fast-check";
import { convexValue } from "../../support/convexValues.ts";
import {
  FIELDS,
  type Bound,
  type Comparison,
  type Fields,
  type Filter,
  type Maybe,
  type Read,
  type Step,
} from "../../fixtures/fuzzApp/convex/steps.ts";

export type Transaction = { steps: Step[]; fails: boolean };
export type Program = Transaction[];

const MAX_ROWS = 12;

const few = fc.constantFrom(null, 0, 1, 1n, "a", "b", true);
const value = fc.oneof({ weight: 3, arbitrary: few }, { weight: 2, arbitrary: convexValue });
const maybe: fc.Arbitrary<Maybe> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 6, arbitrary: value.map((v) => ({ v })) },
);
const nestedValue = fc.oneof(
  maybe,
  maybe.map(({ v }): Maybe => ({ v: v === undefined ? {} : { x: v } })),
);
const fields: fc.Arbitrary<Fields> = fc.record({ a: maybe, b: maybe, c: nestedValue });
const changes: fc.Arbitrary<Partial<Fields>> = fc.record(
  { a: maybe, b: maybe, c: nestedValue },
  { requiredKeys: [] },
);

const comparison = fc.constantFrom<Comparison>("eq", "neq", "lt", "lte", "gt", "gte");
const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", maxDepth: 2 },
    fc.record({ op: comparison, field: fc.constantFrom("a", "b", "c", "c.x", "n"), value: maybe }),
    fc.record({
      op: fc.constant("and" as const),
      parts: fc.array(tie("filter"), { maxLength: 3 }),
    }),
    fc.record({ op: fc.constant("or" as const), parts: fc.array(tie("filter"), { maxLength: 3 }) }),
    fc.record({ op: fc.constant("not" as const), part: tie("filter") }),
  ),
})).filter;

const lower = fc.record({ op: fc.constantFrom("gt" as const, "gte" as const), value: maybe });
const upper = fc.record({ op: fc.constantFrom("lt" as const, "lte" as const), value: maybe });
const bounds: fc.Arbitrary<Bound[]> = fc
  .tuple(fc.option(lower), fc.option(upper))
  .map((both) => both.filter((bound) => bound !== null));

export const read: fc.Arbitrary<Read> = fc
  .constantFrom<Read["index"]>("none", "by_creation_time", "by_a", "by_a_b", "by_c_x")
  .chain((index) =>
    fc.record({
      kind: fc.constant("read" as const),
      index: fc.constant(index),
      eq: fc.array(maybe, { maxLength: FIELDS[index].length }),
      bounds,
      order: fc.constantFrom("asc" as const, "desc" as const),
      filters: fc.array(filter, { maxLength: 2, size: "small" }),
      limit: fc.option(fc.integer({ min: 1, max: 5 })),
    }),
  )
  // Bounds are for the field behind those that must be equal. Where there is none, the builder would not take them.
  .map((one) => (one.eq.length < FIELDS[one.index].length ? one : { ...one, bounds: [] }));

const n = fc.nat({ max: MAX_ROWS });
const step: fc.Arbitrary<Step> = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("insert" as const), n: fc.constant(0), fields }),
    },
    { weight: 4, arbitrary: read },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("patch" as const), n, fields: changes }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("replace" as const), n, fields }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), n }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("get" as const), n }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("nested" as const),
        steps: fc.array(tie("step"), { maxLength: 4 }),
        fails: fc.boolean(),
      }),
    },
  ),
})).step;

/** Every row has a number of its own, in the order of the text. */
const numbered = (program: Program): Program => {
  let next = 0;
  const number = (one: Step): Step => {
    if (one.kind === "insert") return { ...one, n: next++ };
    return one.kind === "nested" ? { ...one, steps: one.steps.map(number) } : one;
  };
  return program.map(({ steps, fails }) => ({ steps: steps.map(number), fails }));
};

const rarely = fc.nat({ max: 7 }).map((at) => at === 0);

export const program: fc.Arbitrary<Program> = fc
  .array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 8 }), fails: rarely }), {
    minLength: 1,
    maxLength: 5,
  })
  .map(numbered);

/** Some writing, then pages of a read with more writing in between. */
export const walk = fc.record({
  program,
  read: read.map((one) => ({ ...one, limit: null })),
  numItems: fc.integer({ min: 1, max: 4 }),
  between: fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 4 }),
});
