/**
 * One suite of Convex behaviour for any implementation. Each `*.test.ts` beside it opens one and lists where that
 * implementation differs, with the reason.
 */
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Implementation, Session, Topic } from "./session.ts";
import { actions } from "./topics/actions.ts";
import { components } from "./topics/components.ts";
import { documents } from "./topics/documents.ts";
import { environment } from "./topics/environment.ts";
import { errors } from "./topics/errors.ts";
import { filters } from "./topics/filters.ts";
import { http } from "./topics/http.ts";
import { identity } from "./topics/identity.ts";
import { ids } from "./topics/ids.ts";
import { nesting } from "./topics/nesting.ts";
import { ordering } from "./topics/ordering.ts";
import { pagination } from "./topics/pagination.ts";
import { ranges } from "./topics/ranges.ts";
import { runtime } from "./topics/runtime.ts";
import { scheduling } from "./topics/scheduling.ts";
import { validation } from "./topics/validation.ts";
import { wire } from "./topics/wire.ts";

const topics = {
  documents,
  validation,
  ordering,
  ranges,
  filters,
  pagination,
  nesting,
  errors,
  actions,
  scheduling,
  http,
  identity,
  environment,
  components,
  wire,
  ids,
  runtime,
};

type Titles = { [T in keyof typeof topics]: keyof (typeof topics)[T] & string };

/** The title of any test of the suite. */
type Title = Titles[keyof Titles];

type Difference = {
  reason: string;
  tests: readonly Title[];
  /** The test cannot even run here. Otherwise it runs and must fail, so that a difference that went away is noticed. */
  absent?: boolean;
};

export type ContractOptions = {
  name: string;
  open: () => Promise<Implementation>;
  skip: readonly Difference[];
};

export const contractSuite = ({ name, open, skip }: ContractOptions) => {
  const differences = new Map(
    skip.flatMap((difference) => difference.tests.map((title) => [title as string, difference])),
  );

  describe(name, () => {
    let implementation: Implementation | undefined;
    beforeAll(async () => {
      implementation = await open();
    });
    afterAll(() => implementation?.close());

    const fresh = async (): Promise<Session> => {
      if (implementation === undefined) throw new Error(`${name} did not open`);
      return implementation.fresh();
    };

    for (const [topic, tests] of Object.entries<Topic>(topics)) {
      describe(topic, () => {
        for (const [title, test] of Object.entries(tests)) {
          const difference = differences.get(title);
          const run = async () => test(await fresh());
          if (difference === undefined) it(title, run);
          else if (difference.absent === true) it.skip(`${title} (${difference.reason})`, run);
          else it.fails(`differs: ${title} (${difference.reason})`, run);
        }
      });
    }
  });
};
