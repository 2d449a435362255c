/**
 * Random programs on the embedded backend, on convex-test and on a plain model: all three must answer the same.
 * `FUZZ_RUNS` is how many of each kind are tried, `FUZZ_SEED` repeats a run.
 */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { convexTest } from "convex-test";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeployedApp } from "../backend/support/deployedApp.ts";
import schema from "../fixtures/fuzzApp/convex/schema.ts";
import type { Answer, Filter, Read, Step } from "../fixtures/fuzzApp/convex/steps.ts";
import { Model, shown } from "./fuzz/model.ts";
import { program, walk, type Program, type Transaction } from "./fuzz/programs.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const seed = process.env["FUZZ_SEED"];
const options = { numRuns: RUNS, ...(seed === undefined ? {} : { seed: Number(seed) }) };
const modules = {
  ...import.meta.glob("../fixtures/fuzzApp/convex/*.ts"),
  // convex-test finds the root of the modules by this one; nothing reads it.
  "../fixtures/fuzzApp/convex/_generated/api.js": async () => ({}),
};

const run = makeFunctionReference<"mutation", Transaction, Answer[]>("program:run");
const wipe = makeFunctionReference<"mutation">("program:wipe");
type Page = { page: Value[]; isDone: boolean; continueCursor: string };
type PageArguments = { read: Read; numItems: number; cursor: string | null };
const page = makeFunctionReference<"query", PageArguments, Page>("program:page");

const everything: Step = {
  kind: "read",
  index: "none",
  eq: [],
  bounds: [],
  order: "asc",
  filters: [],
  limit: null,
};

/** With what is left at the end. */
const complete = (transactions: Program): Program => [
  ...transactions,
  { steps: [everything], fails: false },
];

const text = (answer: Answer[] | null): string => JSON.stringify(convexToJson(answer));

const expectSame = async (
  transactions: Program,
  ask: (transaction: Transaction) => Promise<Answer[]>,
) => {
  const model = new Model();
  for (const transaction of complete(transactions)) {
    const expected = model.transaction(transaction.steps, transaction.fails);
    const answer = await ask(transaction).catch((error: Error) => {
      if (!error.message.includes("as told")) throw error;
      return null;
    });
    expect(text(answer)).toBe(text(expected));
  }
};

let app: DeployedApp;
let client: ConvexHttpClient;
beforeAll(async () => {
  app = await DeployedApp.deploy("fuzzApp");
  client = new ConvexHttpClient(app.backend.url, { logger: false });
});
afterAll(() => app.dispose());

describe("random programs", () => {
  it("answer on the backend what the model answers", async () => {
    await fc.assert(
      fc.asyncProperty(program, async (transactions) => {
        await client.mutation(wipe, {});
        await expectSame(transactions, (transaction) => client.mutation(run, transaction));
      }),
      options,
    );
  });

  it("answer on the backend what convex-test answers, where it does as Convex does", async () => {
    await fc.assert(
      fc.asyncProperty(program.filter(isForConvexTest), async (transactions) => {
        const t = convexTest(schema, modules);
        await client.mutation(wipe, {});
        for (const transaction of complete(transactions)) {
          const [ours, theirs] = await Promise.all(
            [client.mutation(run, transaction), t.mutation(run, transaction)].map((answer) =>
              answer.catch(() => null),
            ),
          );
          expect(text(ours as Answer[] | null)).toBe(text(theirs as Answer[] | null));
        }
      }),
      { ...options, numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it("turn page after page over changing rows, and miss and repeat none", async () => {
    await fc.assert(
      fc.asyncProperty(walk, async ({ program: before, read, numItems, between }) => {
        await client.mutation(wipe, {});
        const model = new Model();
        await expectSame(before, (transaction) => client.mutation(run, transaction));
        for (const { steps, fails } of before) model.transaction(steps, fails);
        let next = 1_000;
        const numbered = (steps: Step[]): Step[] =>
          steps.map((one) =>
            one.kind === "insert"
              ? { ...one, n: next++ }
              : one.kind === "nested"
                ? { ...one, steps: numbered(one.steps) }
                : one,
          );
        let cursor: string | null = null;
        let last: ReturnType<Model["read"]>[number] | null = null;
        for (;;) {
          const got: Page = await client.query(page, { read, numItems, cursor });
          const expected = model.readBehind(read, last);
          const part = expected.slice(0, numItems);
          expect(text(got.page)).toBe(text(part.map(shown)));
          if (got.isDone) {
            expect(expected.length).toBeLessThanOrEqual(numItems);
            break;
          }
          last = part.at(-1) ?? last;
          cursor = got.continueCursor;
          const steps = numbered(between.shift() ?? []);
          model.transaction(steps, false);
          await client.mutation(run, { steps, fails: false });
        }
      }),
      { ...options, numRuns: Math.ceil(RUNS / 2) },
    );
  });
});

/** convex-test compares in filters with the operators of JavaScript. */
function isForConvexTest(transactions: Program): boolean {
  const passes = (filter: Filter): boolean => {
    if (filter.op === "and" || filter.op === "or") return filter.parts.every(passes);
    return filter.op === "not" ? passes(filter.part) : filter.op === "eq" || filter.op === "neq";
  };
  const stepPasses = (step: Step): boolean => {
    if (step.kind === "nested") return step.steps.every(stepPasses);
    return step.kind !== "read" || step.filters.every(passes);
  };
  return transactions.every(({ steps }) => steps.every(stepPasses));
}
