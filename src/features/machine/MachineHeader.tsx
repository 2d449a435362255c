import { ChevronLeft } from "lucide-react";
import { Link } from "react-router";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { buttonClass } from "@/components/ui/Button.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { type MachineState, type StatusReason } from "../../../core/status.ts";

/** Who this is and how it is. */
export function MachineHeader({
  machine,
  state,
}: {
  machine: MachineDetails;
  state: MachineState;
}) {
  const { connect } = useTexts().enrolment;
  const lastSeenAt = machine.lastSeen;
  return (
    <header className="grid gap-3">
      <Link
        to={paths.fleet.href()}
        className="-ml-1 inline-flex w-fit items-center gap-0.5 rounded-sm text-sm text-ink-faint hover:text-ink"
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
        Fleet
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words">
          {machine.name}
        </h1>
        <span role="status" className="text-sm">
          <StatusBadge state={state} beat={lastSeenAt} variant="pill" />
        </span>
        {machine.tags.length > 0 && <Tags tags={machine.tags} />}
        {state === "waiting" && (
          <Link to={paths.fleet.connectHref(machine.machineId)} className={buttonClass("primary")}>
            {connect.reopen}
          </Link>
        )}
      </div>
      <p className="text-sm text-ink-soft">
        {reasonText(machine.reason)} for <Lasting since={machine.since} />
        {lastSeenAt !== null && (
          <>
            <span className="text-ink-faint"> · </span>last heartbeat <Age at={lastSeenAt} />
          </>
        )}
      </p>
      {machine.description !== "" && (
        <p className="max-w-3xl text-sm whitespace-pre-wrap text-ink-soft">{machine.description}</p>
      )}
    </header>
  );
}

/** Why the machine is in its state, as the beginning of a sentence that goes on with "for 3h 4m". */
function reasonText(reason: StatusReason): string {
  switch (reason) {
    case "waiting":
      return "Waiting for its first heartbeat";
    case "heartbeat":
      return "Answering";
    case "silence":
      return "Offline";
    case "shutdown":
      return "Shut down in order";
    case "reboot":
      return "Rebooting";
    case "upgrade":
      return "Being upgraded";
    default:
      return reason satisfies never;
  }
}
