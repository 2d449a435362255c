import { type OptimisticLocalStore } from "convex/browser";
import { useMutation } from "convex/react";
import { toast } from "sonner";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatMoment } from "@/lib/moments.ts";

export interface IncidentActions {
  acknowledge: (incident: Incident) => void;
  snooze: (incident: Incident, until: number) => void;
}

/** What people do with incidents. It shows at once, and is taken back where the server refuses. `me` is their name. */
export function useIncidentActions(me: string): IncidentActions {
  const { incidents: texts } = useTexts();
  const acknowledge = useMutation(api.incidents.acknowledge).withOptimisticUpdate(
    (store, { incidentId }) =>
      change(store, incidentId, { acknowledgedAt: clock.now(), acknowledgedBy: me }),
  );
  const snooze = useMutation(api.incidents.snooze).withOptimisticUpdate(
    (store, { incidentId, durationMs }) =>
      change(store, incidentId, { snoozedUntil: clock.now() + durationMs, snoozedBy: me }),
  );
  return {
    acknowledge: ({ incidentId, machineName }) => {
      void acknowledge({ incidentId }).then(
        () =>
          toast.success(texts.acknowledged(machineName), { description: texts.acknowledgedLead }),
        (error: unknown) => toast.error(texts.acknowledgeFailed, { description: messageOf(error) }),
      );
    },
    snooze: ({ incidentId, machineName }, until) => {
      const now = clock.now();
      void snooze({ incidentId, durationMs: Math.round(until - now) }).then(
        () => toast.success(texts.snoozed(machineName, formatMoment(until, now))),
        (error: unknown) => toast.error(texts.snoozeFailed, { description: messageOf(error) }),
      );
    },
  };
}

/** Wherever the incident is on screen. */
function change(
  store: OptimisticLocalStore,
  incidentId: Incident["incidentId"],
  differences: Partial<Incident>,
): void {
  const changed = (incident: Incident) =>
    incident.incidentId === incidentId ? { ...incident, ...differences } : incident;
  for (const { args, value } of store.getAllQueries(api.incidents.list)) {
    if (value === undefined) continue;
    store.setQuery(api.incidents.list, args, { ...value, page: value.page.map(changed) });
  }
  for (const { args, value } of store.getAllQueries(api.incidents.open)) {
    if (value !== undefined) store.setQuery(api.incidents.open, args, value.map(changed));
  }
  for (const { args, value } of store.getAllQueries(api.incidents.get)) {
    if (value?.incidentId === incidentId) {
      store.setQuery(api.incidents.get, args, changed(value));
    }
  }
}
