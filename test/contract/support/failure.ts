/** Expecting a call to fail, and waiting for something to come true. */
import { ConvexError } from "convex/values";

/** The error that a call ends with. Fails if the call succeeds. */
export const failure = async (call: Promise<unknown>): Promise<Error> => {
  let value: unknown;
  try {
    value = await call;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`threw something that is no Error: ${String(error)}`, { cause: error });
  }
  throw new Error(`expected a failure, got ${String(value)}`);
};

/** The data of the ConvexError that a call ends with. */
export const convexErrorData = async (call: Promise<unknown>): Promise<unknown> => {
  const error = await failure(call);
  if (!(error instanceof ConvexError)) {
    throw new Error(`expected a ConvexError, got ${error.name}: ${error.message}`);
  }
  return error.data as unknown;
};

/** Asks until the answer satisfies the condition, and returns it. The limit only bounds a test that fails. */
export const eventually = async <T>(
  ask: () => Promise<T> | T,
  condition: (answer: T) => boolean,
  limitMs = 20_000,
): Promise<T> => {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (condition(answer)) return answer;
    if (performance.now() > giveUpAt) {
      throw new Error(`it did not come true; the last answer was ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
};
