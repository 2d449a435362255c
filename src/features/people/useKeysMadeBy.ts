import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNow } from "@/hooks/useNow.ts";
import { api, type MemberRow } from "@/lib/backend.ts";

/** Names of the valid API and enrolment keys that somebody made: they stay when that person goes. For admins. */
export function useKeysMadeBy(member: MemberRow | null): string[] {
  const args = member === null ? "skip" : {};
  const { data: apiKeys = [] } = useLiveQuery(api.apiKeys.list, args);
  const { data: enrolmentKeys = [] } = useLiveQuery(api.enrolment.listKeys, args);
  const now = useNow();
  return [...apiKeys, ...enrolmentKeys]
    .filter(({ createdBy }) => createdBy.userId === member?.userId)
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .map(({ name }) => name);
}
