import { useParams } from "react-router";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { displayName } from "@/features/account/AccountMenu.tsx";
import { Incident } from "@/features/incidents/Incident.tsx";
import { useMe } from "../useMe.ts";

/** One incident. */
export function Component() {
  const { incidentId = "" } = useParams();
  const me = useMe();
  return (
    <Retryable key={incidentId}>
      {(retry) => (
        <Incident
          incidentId={incidentId}
          me={displayName(me)}
          canEdit={me.workspace.role !== "viewer"}
          onRetry={retry}
        />
      )}
    </Retryable>
  );
}
