import { useConvex } from "convex/react";
import { toast } from "sonner";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { texts } from "@/texts/texts.ts";

/** Acknowledges what is open about a machine, from wherever one is, and tells how that went. */
export function useAcknowledge(): (machine: { machineId: string; name: string }) => Promise<void> {
  const convex = useConvex();
  return async ({ machineId, name }) => {
    const { palette } = texts();
    try {
      const open = await convex.query(api.incidents.open, {});
      const incident = open.find((candidate) => candidate.machineId === machineId);
      if (incident === undefined) {
        toast.info(palette.nothingToAcknowledge(name));
      } else if (incident.acknowledgedAt !== null) {
        toast.info(palette.alreadyAcknowledged(name, incident.acknowledgedBy ?? palette.somebody));
      } else {
        await convex.mutation(api.incidents.acknowledge, { incidentId: incident.incidentId });
        toast.success(palette.acknowledged(name));
      }
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
}
