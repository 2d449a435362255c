/** The contract on convex-test, with the list of what convex-test does not do as Convex does. */
import { beforeAll, vi } from "vitest";
import { contractSuite } from "./suite.ts";
import { openConvexTest } from "./support/convexTestImplementation.ts";

// It prints the error of each scheduled function that fails; some are meant to.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

contractSuite({
  name: "convex-test",
  open: openConvexTest,
  skip: [
    {
      reason: "it does not look into records",
      tests: [
        "arguments that are records are checked",
        "answers that are records are checked",
        "documents with records are checked by the schema",
      ],
    },
    {
      reason: "it checks an answer after the commit",
      tests: ["a mutation that answers the wrong type leaves nothing behind"],
    },
    {
      reason: "its error texts are its own",
      tests: [
        "the refusal of an argument names the path, the value and the validator",
        "the refusal of an answer says that it is one",
        "the schema's refusal names the table",
        "the message of a plain error says who failed and how",
        "what is not found says so in Convex's words",
      ],
    },
    {
      reason: "its filters compare with the operators of JavaScript",
      tests: ["filters compare values of different types in the same order"],
    },
    { reason: "it has no negation", tests: ["a number can be negated"] },
    {
      reason: "its cursors are plain JSON, bound to no query",
      tests: ["the refusal of a cursor can be told from other errors"],
    },
    {
      reason: "it never tells where to split a page",
      tests: [
        "a page that has grown to more than twice its size can be split where it says",
        "a page that may not read all that it holds must be split",
      ],
    },
    { reason: "it does not check the size of a page", tests: ["a page of no rows is refused"] },
    {
      reason: "nested error data passes as plain JSON, which has no int64 and no bytes",
      tests: [
        "a ConvexError brings its data through nested calls",
        "whoever catches a nested ConvexError sees its data",
      ],
    },
    {
      reason: "it makes no difference between inside and outside",
      tests: ["an internal function cannot be called from outside"],
    },
    {
      reason: "it keeps less in the rows of jobs",
      tests: [
        "a finished job tells when it was completed",
        "the row of a failed job tells the error",
      ],
    },
    {
      reason: "it looks for the function when the job is due",
      tests: ["a function that does not exist cannot be scheduled"],
    },
    { reason: "it throws at the caller", tests: ["a handler that fails answers 500"] },
    {
      reason: "functions see the environment of the test",
      tests: [
        "the deployment tells its own addresses",
        "functions do not see the environment of the process that runs them",
      ],
    },
    {
      reason: "its ids are a number and the name of the table",
      tests: [
        "ids are 31 to 37 characters of lower-case base32, and one changed character is noticed",
      ],
    },
    { reason: "its clock is that of the test", tests: ["the clock stands still in a transaction"] },
    {
      reason: "it takes that for an error of its own, which ends the whole run",
      tests: ["an action that is cancelled while it runs goes on, and stays cancelled"],
      absent: true,
    },
    {
      reason: "it would wait for ever",
      tests: ["a promise that can never settle ends the function"],
      absent: true,
    },
  ],
});
