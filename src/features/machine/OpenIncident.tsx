import { Link } from "react-router";
import { AcknowledgeButton } from "@/components/delivery/AcknowledgeButton.tsx";
import { suppressionText } from "@/components/delivery/explain.ts";
import { buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Incident, type MachineDetails } from "@/lib/backend.ts";
import { formatMoment } from "@/lib/moments.ts";
import { type MachineState } from "../../../core/status.ts";

/** What is open about an offline machine: who has it, why nobody is told, and what to do. The latest is the open one. */
export function OpenIncident({
  machine,
  state,
  canEdit,
}: {
  machine: MachineDetails;
  state: MachineState;
  canEdit: boolean;
}) {
  const texts = useTexts().machine.incident;
  const { data } = useLiveQuery(
    api.incidents.list,
    state === "offline"
      ? {
          machineId: machine.machineId,
          state: "open",
          paginationOpts: { numItems: 1, cursor: null },
        }
      : "skip",
  );
  const incident = data?.page[0];
  if (incident === undefined) return null;
  const { acknowledgedAt, incidentId } = incident;
  return (
    <Notice
      kind={acknowledgedAt === null ? "error" : "info"}
      action={
        <span className="flex flex-wrap gap-2">
          {canEdit && acknowledgedAt === null && <AcknowledgeButton machine={machine} />}
          <Link to={paths.incident.href(incidentId)} className={buttonClass("secondary")}>
            {texts.show}
          </Link>
        </span>
      }
    >
      <Story incident={incident} />
    </Notice>
  );
}

function Story({ incident }: { incident: Incident }) {
  const { machine, notifications } = useTexts();
  const texts = machine.incident;
  const text = useNowSelect((now) => {
    const { acknowledgedAt, acknowledgedBy, suppressedBy } = incident;
    const who =
      acknowledgedAt === null
        ? texts.nobody
        : texts.taken(acknowledgedBy ?? "", formatMoment(acknowledgedAt, now));
    if (suppressedBy === null) return who;
    return `${who} ${texts.untold(suppressionText(notifications, suppressedBy, now))}`;
  });
  return <span>{text}</span>;
}
