import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";

/** Where agents send to. The page's own origin until the backend has answered: the embedded one serves agents there too. */
export function useSiteUrl(): string {
  const { data } = useLiveQuery(api.installation.status, {});
  return (data?.siteUrl ?? `${location.origin}/http`).replace(/\/+$/, "");
}
