import { Age } from "@/components/ui/Age.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";

/** What the monitor found wrong with its own rows and mended. */
export function RepairsCard({ onRetry }: { onRetry: () => void }) {
  const { common, monitor } = useTexts();
  const texts = monitor.repairs;
  const { data: repairs, error } = useLiveQuery(api.monitor.repairs, {});
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (repairs === undefined) return <LoadingRows label={texts.loading} count={2} />;
    if (repairs.length === 0) {
      return <p className="px-4 py-3 text-sm text-ink-soft">{texts.none}</p>;
    }
    return (
      <ol aria-label={texts.title} className="divide-y divide-line">
        {repairs.map(({ at, subject, problem }) => (
          <li key={`${at} ${subject}`} className="flex flex-wrap gap-x-3 px-4 py-2 text-sm">
            <span className="font-medium break-all">{subject}</span>
            <span className="min-w-0 flex-1 text-ink-soft">
              {common.serverSaid(problem) ?? problem}
            </span>
            <span className="text-xs text-ink-faint">
              <Age at={at} />
            </span>
          </li>
        ))}
      </ol>
    );
  };
  return (
    <Card title={texts.title} description={texts.detail}>
      {content()}
    </Card>
  );
}
