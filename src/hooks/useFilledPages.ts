import {
  type PaginatedQueryArgs,
  type PaginatedQueryReference,
  usePaginatedQuery,
} from "convex/react";
import { useEffect } from "react";

/**
 * Pages of a list, latest first. Filters thin out pages after they were read, so that an empty one says nothing of the
 * next: that is asked for until there is something to show, or nothing is left.
 */
export function useFilledPages<Query extends PaginatedQueryReference>(
  query: Query,
  args: PaginatedQueryArgs<Query>,
  pageSize: number,
) {
  const { results, status, loadMore } = usePaginatedQuery(query, args, {
    initialNumItems: pageSize,
  });
  const looksFurther = results.length === 0 && status === "CanLoadMore";
  useEffect(() => {
    if (looksFurther) loadMore(pageSize);
  }, [looksFurther, loadMore, pageSize]);
  return {
    results,
    /** Nothing to show yet, and not known whether there is anything. */
    isLoading: results.length === 0 && status !== "Exhausted",
    older: {
      isExhausted: status === "Exhausted",
      isLoading: status === "LoadingMore",
      load: () => loadMore(pageSize),
    },
  };
}

export type Older = ReturnType<typeof useFilledPages>["older"];
