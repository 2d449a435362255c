/** Calls a mutation and tells how it goes: pending, failed (with the error as a value too), done. */
import { useMutation } from "convex/react";
import { type FunctionArgs, type FunctionReference, type FunctionReturnType } from "convex/server";
import { useState } from "react";

type Mutation = FunctionReference<"mutation">;

export interface Call<Reference extends Mutation> {
  /** @throws what the backend threw; `error` holds it as well. */
  call: (args: FunctionArgs<Reference>) => Promise<FunctionReturnType<Reference>>;
  isPending: boolean;
  error: Error | null;
  reset: () => void;
}

export function useCall<Reference extends Mutation>(mutation: Reference): Call<Reference> {
  const run = useMutation(mutation) as (
    args: FunctionArgs<Reference>,
  ) => Promise<FunctionReturnType<Reference>>;
  const [state, setState] = useState<{ isPending: boolean; error: Error | null }>(idle);

  return {
    ...state,
    reset: () => setState(idle),
    call: async (args) => {
      setState({ isPending: true, error: null });
      try {
        const answer = await run(args);
        setState(idle);
        return answer;
      } catch (error) {
        setState({ isPending: false, error: asError(error) });
        throw error;
      }
    },
  };
}

const idle = { isPending: false, error: null };

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
