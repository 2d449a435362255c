/** Calls one action and tells how it is going, as useCall does for mutations. */
import { useAction } from "convex/react";
import { type FunctionArgs, type FunctionReference, type FunctionReturnType } from "convex/server";
import { useState } from "react";

type Action = FunctionReference<"action">;

export interface Act<Reference extends Action> {
  /** @throws what the backend threw; `error` holds it as well. */
  act: (args: FunctionArgs<Reference>) => Promise<FunctionReturnType<Reference>>;
  isPending: boolean;
  error: unknown;
}

export function useAct<Reference extends Action>(action: Reference): Act<Reference> {
  const run = useAction(action) as (
    args: FunctionArgs<Reference>,
  ) => Promise<FunctionReturnType<Reference>>;
  const [state, setState] = useState<{ isPending: boolean; error: unknown }>(idle);
  return {
    ...state,
    act: async (args) => {
      setState({ isPending: true, error: null });
      try {
        const answer = await run(args);
        setState(idle);
        return answer;
      } catch (error) {
        setState({ isPending: false, error });
        throw error;
      }
    },
  };
}

const idle = { isPending: false, error: null };
