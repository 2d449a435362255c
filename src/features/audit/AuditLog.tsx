import { ScrollText, SearchX } from "lucide-react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { LoadOlder } from "@/components/ui/LoadOlder.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useFilledPages } from "@/hooks/useFilledPages.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { AuditEntry } from "./AuditEntry.tsx";
import { AuditFilterBar } from "./AuditFilterBar.tsx";
import { type AuditFilter, argumentsOf, isFiltered } from "./auditFilter.ts";
import { ExportButton } from "./ExportButton.tsx";

const PAGE_SIZE = 50;

/** Every change, latest first, live; narrowed down by the filter in the address. */
export function AuditLog({
  filter,
  onFilter,
}: {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}) {
  const { audit: texts } = useTexts();
  return (
    <Card title={texts.title} action={<ExportButton filter={filter} />}>
      <AuditFilterBar filter={filter} onFilter={onFilter} />
      <ErrorBoundary
        key={JSON.stringify(filter)}
        fallback={(error, retry) => (
          <ErrorView title={texts.failed} error={error} onRetry={retry} />
        )}
      >
        <Entries filter={filter} onFilter={onFilter} />
      </ErrorBoundary>
    </Card>
  );
}

function Entries({
  filter,
  onFilter,
}: {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}) {
  const { audit: texts } = useTexts();
  const { results, isLoading, older } = useFilledPages(
    api.audit.list,
    argumentsOf(filter),
    PAGE_SIZE,
  );
  if (isLoading) return <LoadingRows label={texts.loading} count={6} />;
  if (results.length === 0) {
    return isFiltered(filter) ? (
      <EmptyView
        icon={<SearchX />}
        title={texts.nothingFound}
        action={<Button onClick={() => onFilter(noFilter)}>{texts.clear}</Button>}
      >
        {texts.nothingFoundDetail}
      </EmptyView>
    ) : (
      <EmptyView icon={<ScrollText />} title={texts.none}>
        {texts.noneDetail}
      </EmptyView>
    );
  }
  return (
    <>
      <ol aria-label={texts.title} className="divide-y divide-line/70">
        {results.map((event) => (
          <AuditEntry
            key={event.eventId}
            event={event}
            onOnlyThis={() => onFilter({ ...filter, subjectId: event.subjectId })}
          />
        ))}
      </ol>
      <LoadOlder older={older} />
    </>
  );
}

const noFilter: AuditFilter = { actorId: "", action: "", subjectId: "", from: "", to: "" };
