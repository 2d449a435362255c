import { usePaginatedQuery } from "convex/react";
import { ScrollText, SearchX } from "lucide-react";
import { useEffect } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
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
  const { audit: texts, common } = useTexts();
  const { results, status, loadMore } = usePaginatedQuery(api.audit.list, argumentsOf(filter), {
    initialNumItems: PAGE_SIZE,
  });
  // A filter thins out pages after they were read: an empty one says nothing of the next.
  const looksFurther = results.length === 0 && status === "CanLoadMore";
  useEffect(() => {
    if (looksFurther) loadMore(PAGE_SIZE);
  }, [looksFurther, loadMore]);

  if (results.length === 0) {
    if (status !== "Exhausted") return <LoadingRows label={texts.loading} count={6} />;
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
      {status !== "Exhausted" && (
        <div className="flex justify-center border-t border-line p-3">
          <Button isPending={status === "LoadingMore"} onClick={() => loadMore(PAGE_SIZE)}>
            {common.loadOlder}
          </Button>
        </div>
      )}
    </>
  );
}

const noFilter: AuditFilter = { actorId: "", action: "", subjectId: "", from: "", to: "" };
