import { useNavigate, useParams } from "react-router";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { paths } from "@/config/paths.ts";
import { Machine } from "@/features/machine/Machine.tsx";
import { canAdminister } from "@/lib/roles.ts";
import { useMe } from "../useMe.ts";

/** One machine. */
export function Component() {
  const { machineId = "" } = useParams();
  const { role } = useMe().workspace;
  const navigate = useNavigate();
  return (
    <Retryable key={machineId}>
      {(retry) => (
        <Machine
          machineId={machineId}
          canAudit={canAdminister(role)}
          canEdit={role !== "viewer"}
          onRetry={retry}
          onDeleted={() => void navigate(paths.fleet.href())}
        />
      )}
    </Retryable>
  );
}
