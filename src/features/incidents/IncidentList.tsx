import { usePaginatedQuery } from "convex/react";
import { CircleCheck, ShieldCheck } from "lucide-react";
import { Link } from "react-router";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { EmptyView, LoadingRows } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { api, type Incident } from "@/lib/backend.ts";
import { formatShortStamp } from "@/lib/format.ts";

const PAGE_SIZE = 30;

/** When machines went silent and for how long, newest first, live. Throws where it cannot load: mount in a boundary. */
export function IncidentList() {
  const { results, status, loadMore } = usePaginatedQuery(
    api.incidents.list,
    {},
    { initialNumItems: PAGE_SIZE },
  );
  if (status === "LoadingFirstPage") return <LoadingRows label="Loading incidents" />;
  if (results.length === 0) {
    return (
      <EmptyView icon={<ShieldCheck />} title="No incident so far">
        An incident opens when a machine misses its deadline, and closes when it answers again.
      </EmptyView>
    );
  }
  return (
    <>
      <ol aria-label="Incidents" className="divide-y divide-line/70">
        {results.map((incident) => (
          <IncidentRow key={incident.incidentId} incident={incident} />
        ))}
      </ol>
      {status !== "Exhausted" && (
        <div className="flex justify-center border-t border-line p-3">
          <Button isPending={status === "LoadingMore"} onClick={() => loadMore(PAGE_SIZE)}>
            Load older
          </Button>
        </div>
      )}
    </>
  );
}

function IncidentRow({ incident }: { incident: Incident }) {
  const isOpen = incident.closedAt === null;
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm md:grid-cols-[7rem_minmax(0,1fr)_11rem_8rem]">
      {isOpen ? (
        <span className="inline-flex items-center gap-2 font-medium text-offline">
          <StatusGlyph state="offline" />
          Open
        </span>
      ) : (
        <span className="inline-flex items-center gap-2 text-ink-soft">
          <CircleCheck aria-hidden="true" className="size-3.5 text-online" />
          Resolved
        </span>
      )}
      <p className="col-start-1 row-start-2 min-w-0 truncate md:col-start-2 md:row-start-1">
        <Link
          to={paths.machine.href(incident.machineId)}
          className="rounded-sm font-medium hover:underline"
        >
          {incident.machineName}
        </Link>
        <span className="text-ink-soft"> {reasonText(incident.reason)}</span>
      </p>
      <p className="text-right text-xs text-ink-faint md:text-left">
        {isOpen ? <Age at={incident.openedAt} /> : formatShortStamp(incident.openedAt)}
      </p>
      <p className="text-right text-xs text-ink-soft">
        {isOpen ? "for " : "lasted "}
        <span className="font-medium text-ink">
          <Lasting since={incident.openedAt} until={incident.closedAt} />
        </span>
      </p>
    </li>
  );
}

function reasonText(reason: Incident["reason"]): string {
  switch (reason) {
    case "silence":
      return "went silent";
    case "shutdown":
      return "shut down and did not come back";
    case "reboot":
      return "did not come back from a reboot";
    case "upgrade":
      return "did not come back from an upgrade";
    default:
      return reason satisfies never;
  }
}
