import { SearchX, ShieldCheck } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { LoadOlder } from "@/components/ui/LoadOlder.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useFilledPages } from "@/hooks/useFilledPages.ts";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident } from "@/lib/backend.ts";
import { MINUTE } from "../../../core/time.ts";
import { IncidentFilters } from "./IncidentFilters.tsx";
import { IncidentRow } from "./IncidentRow.tsx";
import { type IncidentActions, useIncidentActions } from "./useIncidentActions.ts";
import { type IncidentQuery, spans, useIncidentQuery } from "./useIncidentQuery.ts";

const PAGE_SIZE = 30;
/** How far "the last 24 hours" is behind: a filter that moves every second would ask anew every second. */
const STEP_MS = 5 * MINUTE;

/** When machines went silent and for how long, live: what is open, then what was, each newest first. */
export function Incidents({ me, canEdit }: { me: string; canEdit: boolean }) {
  const { incidents: texts } = useTexts();
  const query = useIncidentQuery();
  const { state, machineId, span } = query;
  return (
    <div className="rounded-lg border border-line bg-surface shadow-card">
      <IncidentFilters query={query} />
      <ErrorBoundary
        key={`${state} ${machineId} ${span}`}
        fallback={(error, retry) => (
          <ErrorView title={texts.failed} error={error} onRetry={retry} />
        )}
      >
        <List query={query} me={me} canEdit={canEdit} />
      </ErrorBoundary>
    </div>
  );
}

function List({ query, me, canEdit }: { query: IncidentQuery; me: string; canEdit: boolean }) {
  const { incidents: texts } = useTexts();
  const actions = useIncidentActions(me);
  const step = useNowSelect((now) => Math.floor(now / STEP_MS) * STEP_MS);
  const { state, machineId, span } = query;
  const open = useLiveQuery(api.incidents.open, query.isFiltered ? "skip" : {});
  const pages = useFilledPages(
    api.incidents.list,
    {
      ...(state !== null && { state }),
      ...(machineId !== null && { machineId }),
      ...(span !== null && { from: step - spans[span] }),
    },
    PAGE_SIZE,
  );
  const isAwaited = !query.isFiltered && open.loading;
  if (pages.isLoading || isAwaited) return <LoadingRows label={texts.loading} />;
  const incidents = openFirst(open.data ?? [], pages.results);
  if (incidents.length === 0) {
    return query.isFiltered ? (
      <EmptyView
        icon={<SearchX />}
        title={texts.nothingFound}
        action={<Button onClick={query.clear}>{texts.clearFilters}</Button>}
      >
        {texts.nothingFoundLead}
      </EmptyView>
    ) : (
      <EmptyView icon={<ShieldCheck />} title={texts.none}>
        {texts.noneLead}
      </EmptyView>
    );
  }
  return (
    <>
      <Rows incidents={incidents} actions={canEdit ? actions : null} />
      <LoadOlder older={pages.older} />
    </>
  );
}

/** What has been open for days must not be hidden below what was over in minutes. */
function openFirst(open: Incident[], latest: Incident[]): Incident[] {
  const ids = new Set(open.map(({ incidentId }) => incidentId));
  return [...open, ...latest.filter(({ incidentId }) => !ids.has(incidentId))];
}

/** The rows, walked with j and k; `a` acknowledges the chosen one. */
function Rows({ incidents, actions }: { incidents: Incident[]; actions: IncidentActions | null }) {
  const { incidents: texts } = useTexts();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const links = useRef(new Map<string, HTMLAnchorElement>());
  const step = (by: number) => {
    const index = incidents.findIndex(({ incidentId }) => incidentId === chosenId);
    const next = index < 0 ? 0 : Math.min(incidents.length - 1, Math.max(0, index + by));
    const id = incidents[next]?.incidentId;
    if (id !== undefined) links.current.get(id)?.focus();
  };
  useHotkey("j", () => step(1));
  useHotkey("k", () => step(-1));
  useHotkey("a", () => {
    const chosen = incidents.find(({ incidentId }) => incidentId === chosenId);
    if (chosen?.closedAt === null && chosen.acknowledgedAt === null) actions?.acknowledge(chosen);
  });
  return (
    <ol aria-label={texts.list} className="divide-y divide-line/70">
      {incidents.map((incident) => (
        <IncidentRow
          key={incident.incidentId}
          incident={incident}
          isChosen={incident.incidentId === chosenId}
          actions={actions}
          linkRef={(link) => {
            if (link === null) links.current.delete(incident.incidentId);
            else links.current.set(incident.incidentId, link);
          }}
          onFocus={() => setChosenId(incident.incidentId)}
        />
      ))}
    </ol>
  );
}
