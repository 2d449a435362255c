import { lazy, type ReactNode, Suspense } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { ErrorView, LoadingRows, Skeleton } from "@/components/ui/Views.tsx";
import { FleetEmpty } from "./FleetEmpty.tsx";
import { FleetList } from "./FleetList.tsx";
import { useFleetQuery } from "./useFleetQuery.ts";
import { useMachines } from "./useMachines.ts";

// Loaded when somebody looks back: most only look.
const PastFleet = lazy(() =>
  import("./past/PastFleet.tsx").then(({ PastFleet }) => ({ default: PastFleet })),
);

interface Props {
  canEdit: boolean;
  /** The way to the first machine; null for those who may not add any. */
  welcome: ReactNode;
  /** Somebody is on that way: it stays on screen although there is a machine now. */
  isWelcoming: boolean;
  onRetry: () => void;
}

/** The fleet: now, or as it was at the moment that the address names. */
export function Fleet(props: Props) {
  const { at } = useFleetQuery();
  if (at === null) return <FleetNow {...props} />;
  return (
    <Suspense fallback={<FleetLoading />}>
      <PastFleet moment={at} />
    </Suspense>
  );
}

/** Summary and list, or one of the views for loading, failed, and nobody yet. */
function FleetNow({ canEdit, welcome, isWelcoming, onRetry }: Props) {
  const { fleet: texts } = useTexts();
  const { machines, loading, error, total } = useMachines();
  if (error !== null) {
    return (
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <ErrorView title={texts.failed} error={error} onRetry={onRetry} />
      </div>
    );
  }
  if (loading) return <FleetLoading />;
  if (machines.length === 0 || isWelcoming) return <FleetEmpty>{welcome}</FleetEmpty>;
  return <FleetList machines={machines} total={total} canEdit={canEdit} />;
}

function FleetLoading() {
  const { fleet: texts } = useTexts();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="rounded-lg border border-line bg-surface p-4 shadow-card">
        <div className="flex items-center gap-6">
          <Skeleton className="h-8 w-40" />
          <Skeleton className="h-9 flex-1" />
        </div>
        <Skeleton className="mt-4 h-6 w-80 max-w-full" />
      </div>
      <div className="rounded-lg border border-line bg-surface shadow-card">
        <LoadingRows label={texts.loading} count={8} />
      </div>
    </div>
  );
}
