import { SearchX } from "lucide-react";
import { Link } from "react-router";
import { buttonClass } from "@/components/ui/Button.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useHotkey } from "@/hooks/useHotkey.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident as IncidentData } from "@/lib/backend.ts";
import { SECOND } from "../../../core/time.ts";
import { IncidentDeliveries } from "./IncidentDeliveries.tsx";
import { IncidentHeader } from "./IncidentHeader.tsx";
import { Neighbours } from "./Neighbours.tsx";
import { Notes } from "./Notes.tsx";
import { Timeline } from "./Timeline.tsx";
import { type IncidentDelivery, toldText } from "./timeline.ts";
import { useIncidentActions } from "./useIncidentActions.ts";

interface Viewer {
  me: string;
  canEdit: boolean;
}

/** Everything about one incident, live. */
export function Incident({
  incidentId,
  onRetry,
  ...viewer
}: Viewer & { incidentId: string; onRetry: () => void }) {
  const { incidents: texts } = useTexts();
  const id = incidentId as IncidentData["incidentId"];
  const { data: incident, error } = useLiveQuery(api.incidents.get, { incidentId: id });
  useDocumentTitle(incident?.machineName ?? texts.title);
  if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
  if (incident === undefined) return <LoadingRows label={texts.loading} />;
  if (incident === null) {
    return (
      <EmptyView
        isPage
        icon={<SearchX />}
        title={texts.notFound}
        action={
          <Link to={paths.incidents.href()} className={buttonClass()}>
            {texts.back}
          </Link>
        }
      >
        {texts.notFoundLead}
      </EmptyView>
    );
  }
  return <Loaded incident={incident} {...viewer} />;
}

function Loaded({ incident, me, canEdit }: Viewer & { incident: IncidentData }) {
  const { incidentId, machineId } = incident;
  const actions = useIncidentActions(me);
  const machine = useLiveQuery(api.machines.get, { machineId }).data ?? null;
  const { data: deliveries } = useLiveQuery(api.deliveries.ofIncident, { incidentId });
  useHotkey("a", () => {
    const canAcknowledge = incident.closedAt === null && incident.acknowledgedAt === null;
    if (canEdit && canAcknowledge) actions.acknowledge(incident);
  });
  return (
    <div className="grid gap-5">
      <IncidentHeader
        incident={incident}
        machine={machine}
        actions={canEdit ? actions : null}
        told={deliveries !== undefined && <Told incident={incident} deliveries={deliveries} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <Timeline
          incident={incident}
          deliveries={deliveries ?? []}
          lastHeartbeatAt={machine?.lastSeen ?? null}
        />
        <div className="grid gap-4">
          <IncidentDeliveries deliveries={deliveries ?? []} />
          <Neighbours incident={incident} />
          <Notes incidentId={incidentId} canEdit={canEdit} />
        </div>
      </div>
    </div>
  );
}

function Told({
  incident,
  deliveries,
}: {
  incident: IncidentData;
  deliveries: IncidentDelivery[];
}) {
  const texts = useTexts();
  const now = useNowSelect((time) => Math.floor(time / SECOND) * SECOND);
  return <>{toldText({ incident, deliveries, texts, now })}</>;
}
