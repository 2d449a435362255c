/** Subscriptions of the official client, with a memory of all that they delivered. */
import type { ConvexClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { eventually } from "./failure.ts";

export type Watch<T> = {
  /** Every result in the order of arrival. */
  results: T[];
  errors: Error[];
  /** Waits until the latest result satisfies the condition, and returns it. */
  until(condition: (result: T) => boolean): Promise<T>;
  stop(): void;
};

export const watch = <F extends FunctionReference<"query">>(
  client: ConvexClient,
  fn: F,
  args: FunctionArgs<F>,
): Watch<FunctionReturnType<F>> => {
  const results: FunctionReturnType<F>[] = [];
  const errors: Error[] = [];
  const unsubscribe = client.onUpdate(
    fn,
    args,
    (result) => results.push(result),
    (error) => errors.push(error),
  );
  return {
    results,
    errors,
    until: async (condition) => {
      await eventually(
        () => results.length > 0 && condition(results[results.length - 1] as FunctionReturnType<F>),
        Boolean,
      );
      return results[results.length - 1];
    },
    stop: () => unsubscribe(),
  };
};
