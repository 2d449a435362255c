/** What programs of fuzzApp answer, by the words of Convex's documentation: rows in an array, sorted anew for each read. */
import { compareValues, type Value } from "convex/values";
import {
  FIELDS,
  fieldsOf,
  type Answer,
  type Filter,
  type Maybe,
  type Read,
  type Step,
} from "../../fixtures/fuzzApp/convex/steps.ts";

/** Rows are numbered in the order of their creation: `n` stands for `_creationTime` and `_id`, too. */
type Row = { n: number } & Record<string, Value | undefined>;

const compare = compareValues;

const fieldAt = (row: Row, path: string): Value | undefined => {
  let value: Value | undefined = row;
  for (const name of path.split(".")) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject || value instanceof ArrayBuffer) return undefined;
    value = (value as Record<string, Value | undefined>)[name];
  }
  return value;
};

const COMPARISONS = {
  eq: (order: number) => order === 0,
  neq: (order: number) => order !== 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
};

const holds = (row: Row, op: keyof typeof COMPARISONS, field: string, { v }: Maybe): boolean =>
  COMPARISONS[op](compare(fieldAt(row, field), v));

const passes = (row: Row, filter: Filter): boolean => {
  if (filter.op === "and") return filter.parts.every((part) => passes(row, part));
  if (filter.op === "or") return filter.parts.some((part) => passes(row, part));
  if (filter.op === "not") return !passes(row, filter.part);
  return holds(row, filter.op, filter.field, filter.value);
};

const inOrder = (read: Read) => (left: Row, right: Row) => {
  let order = 0;
  for (const field of FIELDS[read.index])
    order ||= compare(fieldAt(left, field), fieldAt(right, field));
  order ||= left.n - right.n;
  return read.order === "asc" ? order : -order;
};

const shown = (row: Row): Value =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

class Failed extends Error {}

export class Model {
  #rows: Row[] = [];

  /** All answers of the transaction, or null when it failed and left nothing. */
  transaction(steps: Step[], fails: boolean): Answer[] | null {
    const before = this.#rows;
    this.#rows = [...before];
    try {
      const answers = steps.map((step) => this.#step(step));
      if (fails) throw new Failed();
      return answers;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      this.#rows = before;
      return null;
    }
  }

  read(read: Read): Row[] {
    const fields = FIELDS[read.index];
    const next = fields[read.eq.length];
    const rows = this.#rows
      .filter((row) => read.eq.every((value, at) => holds(row, "eq", fields[at] ?? "", value)))
      .filter((row) =>
        read.bounds.every(({ op, value }) => next === undefined || holds(row, op, next, value)),
      )
      .sort(inOrder(read))
      .filter((row) => read.filters.every((filter) => passes(row, filter)));
    return read.limit === null ? rows : rows.slice(0, read.limit);
  }

  /** The rows of a read that stand behind a position in its order. */
  readBehind(read: Read, position: Row | null): Row[] {
    const rows = this.read({ ...read, limit: null });
    return position === null ? rows : rows.filter((row) => inOrder(read)(position, row) < 0);
  }

  #step(step: Step): Answer {
    switch (step.kind) {
      case "insert":
        this.#rows.push({ n: step.n, ...fieldsOf(step.fields) });
        return null;
      case "read":
        return this.read(step).map(shown);
      case "nested":
        return this.transaction(step.steps, step.fails) ?? false;
      default:
        return this.#change(step);
    }
  }

  #change(step: Exclude<Step, { kind: "insert" | "read" | "nested" }>): Answer {
    const at = this.#rows.findIndex((row) => row.n === step.n);
    const row = this.#rows[at];
    if (row === undefined) return null;
    if (step.kind === "get") return shown(row);
    if (step.kind === "remove") this.#rows.splice(at, 1);
    else if (step.kind === "patch") this.#rows[at] = { ...row, ...fieldsOf(step.fields) };
    else this.#rows[at] = { n: step.n, ...fieldsOf(step.fields) };
    return true;
  }
}

export { shown };
