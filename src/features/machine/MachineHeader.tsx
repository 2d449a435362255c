import { ChevronLeft, ScrollText } from "lucide-react";
import { Link } from "react-router";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { buttonClass } from "@/components/ui/Button.tsx";
import { StatusBadge } from "@/components/ui/StatusBadge.tsx";
import { Tags } from "@/components/ui/Tags.tsx";
import { paths } from "@/config/paths.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { type MachineState } from "../../../core/status.ts";

/** The ways to elsewhere, above the name. */
const aside = "inline-flex items-center gap-0.5 rounded-sm hover:text-ink";

/** Who this is and how it is. */
export function MachineHeader({
  machine,
  state,
  canAudit,
}: {
  machine: MachineDetails;
  state: MachineState;
  canAudit: boolean;
}) {
  const { enrolment, machine: texts } = useTexts();
  const lastSeenAt = machine.lastSeen;
  return (
    <header className="grid gap-3">
      <div className="flex flex-wrap justify-between gap-x-4 text-sm text-ink-faint">
        <Link to={paths.fleet.href()} className={cn(aside, "-ml-1")}>
          <ChevronLeft aria-hidden="true" className="size-4" />
          {texts.page.fleet}
        </Link>
        {canAudit && (
          <Link to={paths.audit.subjectHref(machine.machineId)} className={cn(aside, "gap-1.5")}>
            <ScrollText aria-hidden="true" className="size-4" />
            {texts.audit}
          </Link>
        )}
      </div>
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
            {enrolment.connect.reopen}
          </Link>
        )}
      </div>
      <p className="text-sm text-ink-soft">
        <Lasting since={machine.since} text={texts.reasons[machine.reason]} />
        {lastSeenAt !== null && (
          <>
            <span className="text-ink-faint"> · </span>
            {texts.lastHeartbeat} <Age at={lastSeenAt} />
          </>
        )}
      </p>
      {machine.description !== "" && (
        <p className="max-w-3xl text-sm whitespace-pre-wrap text-ink-soft">{machine.description}</p>
      )}
    </header>
  );
}
