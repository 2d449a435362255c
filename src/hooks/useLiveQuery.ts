/**
 * The page's way to read from the backend: live, with loading and error as values, where convex/react's useQuery
 * throws. Nothing is cached here: Convex is the cache. Arguments are plain JSON. To ask again after an error, mount
 * anew (components/ui/Retryable.tsx): that gives up the failed subscription and takes a fresh one.
 */
import { useQueries, type RequestForQueries } from "convex/react";
import {
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  getFunctionName,
  makeFunctionReference,
} from "convex/server";
import { type Value } from "convex/values";
import { useMemo } from "react";

export interface LiveResult<Data> {
  /** The newest answer; undefined while there is none. */
  data: Data | undefined;
  loading: boolean;
  error: Error | null;
}

type Query = FunctionReference<"query">;

/** Subscribes to one query; "skip" asks nothing and counts as loading. */
export function useLiveQuery<Reference extends Query>(
  query: Reference,
  args: FunctionArgs<Reference> | "skip",
): LiveResult<FunctionReturnType<Reference>> {
  const [result] = useLiveQueries(query, args === "skip" ? [] : [args]);
  if (result instanceof Error) return { data: undefined, loading: false, error: result };
  return { data: result, loading: result === undefined, error: null };
}

/** Subscribes to one query with several arguments, such as chunks of ids. Results are in the arguments' order. */
export function useLiveQueries<Reference extends Query>(
  query: Reference,
  argsList: FunctionArgs<Reference>[],
): (FunctionReturnType<Reference> | Error | undefined)[] {
  // A reference is a new object at every access of `api`, arguments at every render: their texts identify them.
  const name = getFunctionName(query);
  const key = JSON.stringify(argsList);
  const requests = useMemo(() => requestsOf(name, key), [name, key]);
  const byKey = useQueries(requests) as Record<
    string,
    FunctionReturnType<Reference> | Error | undefined
  >;
  const count = argsList.length;
  return useMemo(() => Array.from({ length: count }, (_, index) => byKey[index]), [byKey, count]);
}

function requestsOf(name: string, key: string): RequestForQueries {
  const query = makeFunctionReference<"query">(name);
  const argsList = JSON.parse(key) as Record<string, Value>[];
  return Object.fromEntries(argsList.map((args, index) => [String(index), { query, args }]));
}
