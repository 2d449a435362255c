import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { ErrorView } from "@/components/ui/Views.tsx";
import { IncidentList } from "@/features/incidents/IncidentList.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** When machines fell silent. */
export function Component() {
  useDocumentTitle("Incidents");
  return (
    <>
      <PageHeader
        title="Incidents"
        lead="Every silence past its deadline, and how long it lasted."
      />
      <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
        <ErrorBoundary
          fallback={(error, retry) => (
            <ErrorView title="Incidents could not be loaded" error={error} onRetry={retry} />
          )}
        >
          <IncidentList />
        </ErrorBoundary>
      </div>
    </>
  );
}
