import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";

/** Whether this installation has an owner and takes sign-ups. The only thing that a stranger may ask. */
export function useInstallation() {
  return useLiveQuery(api.installation.status, {});
}
