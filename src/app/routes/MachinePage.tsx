import { useNavigate, useParams } from "react-router";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { paths } from "@/config/paths.ts";
import { Machine } from "@/features/machine/Machine.tsx";

/** One machine. */
export function Component() {
  const { machineId = "" } = useParams();
  const navigate = useNavigate();
  return (
    <Retryable key={machineId}>
      {(retry) => (
        <Machine
          machineId={machineId}
          onRetry={retry}
          onDeleted={() => void navigate(paths.fleet.href())}
        />
      )}
    </Retryable>
  );
}
