import { useParams } from "react-router";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { PublicStatus } from "@/features/publicStatus/PublicStatus.tsx";

/** A published status page, for everybody who has its address. */
export function Component() {
  const { slug = "" } = useParams();
  return (
    <Retryable key={slug}>{(retry) => <PublicStatus slug={slug} onRetry={retry} />}</Retryable>
  );
}
