import { Link } from "react-router";
import { Card } from "@/components/ui/Card.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDuration } from "@/lib/format.ts";
import { SECOND } from "../../../core/time.ts";
import { type Texts } from "@/texts/texts.ts";

const MAX_SHOWN = 12;

/** Machines that were silent as well when this began: perhaps it is the network. */
export function Neighbours({ incident }: { incident: Incident }) {
  const { incidents: texts } = useTexts();
  const { incidentId } = incident;
  const { data, loading, error } = useLiveQuery(api.history.neighbours, { incidentId });
  const neighbours = data ?? [];
  return (
    <Card title={texts.neighbours.title} description={texts.neighbours.lead}>
      {loading && (
        <div role="status" aria-label={texts.neighbours.loading} className="p-4">
          <Skeleton className="h-4" />
        </div>
      )}
      {error !== null && (
        <p role="alert" className="px-4 py-3 text-sm text-ink-soft">
          {messageOf(error)}
        </p>
      )}
      {!loading && error === null && neighbours.length === 0 && (
        <p className="px-4 py-3 text-sm text-ink-soft">{texts.neighbours.none}</p>
      )}
      {neighbours.length > 0 && (
        <ul aria-label={texts.neighbours.list} className="divide-y divide-line/70">
          {neighbours.slice(0, MAX_SHOWN).map((other) => (
            <li
              key={other.incidentId}
              className="flex items-baseline justify-between gap-3 px-4 py-2 text-sm"
            >
              <Link
                to={paths.incident.href(other.incidentId)}
                className="min-w-0 truncate rounded-sm font-medium hover:underline"
              >
                {other.machineName}
              </Link>
              <span className="shrink-0 text-xs text-ink-faint">
                {distanceText(texts, other.openedAt - incident.openedAt)}
                {other.closedAt === null && (
                  <span className="text-offline"> · {texts.neighbours.stillSilent}</span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {neighbours.length > MAX_SHOWN && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-faint">
          {texts.neighbours.more(neighbours.length - MAX_SHOWN)}
        </p>
      )}
    </Card>
  );
}

function distanceText({ neighbours }: Texts["incidents"], distanceMs: number): string {
  if (Math.abs(distanceMs) < SECOND) return neighbours.same;
  const duration = formatDuration(Math.abs(distanceMs));
  return distanceMs < 0 ? neighbours.before(duration) : neighbours.after(duration);
}
