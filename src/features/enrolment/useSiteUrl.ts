import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";

/** Where agents send to; null until the backend has answered. */
export function useSiteUrl(): string | null {
  const { data } = useLiveQuery(api.installation.status, {});
  return data?.siteUrl.replace(/\/+$/, "") ?? null;
}
