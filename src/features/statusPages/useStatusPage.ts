import { type FunctionReturnType } from "convex/server";
import { type LiveResult, useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";

export type StatusPageRow = FunctionReturnType<typeof api.statusPages.list>[number];
export type StatusPage = NonNullable<FunctionReturnType<typeof api.statusPages.get>>;

/** One page with its items and announcements; null where it is gone. */
export function useStatusPage(
  statusPageId: StatusPageRow["statusPageId"],
): LiveResult<StatusPage | null> {
  return useLiveQuery(api.statusPages.get, { statusPageId });
}
