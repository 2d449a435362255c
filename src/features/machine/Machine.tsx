import { ServerOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { buttonClass } from "@/components/ui/Button.tsx";
import { EmptyView, ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { MachineCharts } from "./charts/MachineCharts.tsx";
import { Deadline } from "./Deadline.tsx";
import { DependencyCard } from "./DependencyCard.tsx";
import { DeleteMachine } from "./DeleteMachine.tsx";
import { MachineFacts } from "./MachineFacts.tsx";
import { MachineHeader } from "./MachineHeader.tsx";
import { MachineNotices } from "./MachineNotices.tsx";
import { MachinePlace } from "./MachinePlace.tsx";
import { MachineSettings } from "./MachineSettings.tsx";
import { MachineVitals } from "./MachineVitals.tsx";
import { MoreMeasurements } from "./MoreMeasurements.tsx";
import { OpenIncident } from "./OpenIncident.tsx";
import { ThresholdWhatIf } from "./ThresholdWhatIf.tsx";
import { TokenCard } from "./TokenCard.tsx";
import { UptimeCard } from "./UptimeCard.tsx";
import { useMachineState } from "./useMachineState.ts";

/** One machine: state, vitals, history, facts, settings. */
export function Machine({
  machineId,
  canAudit,
  canEdit,
  onDeleted,
  onRetry,
}: {
  machineId: string;
  /** Whether to lead to the log of who changed what. */
  canAudit: boolean;
  /** Whether this person may acknowledge. */
  canEdit: boolean;
  onDeleted: () => void;
  onRetry: () => void;
}) {
  const texts = useTexts().machine.page;
  // From here on the machine is gone, but its page is still on screen for a moment.
  const [isDeleted, setIsDeleted] = useState(false);
  const { data: machine, error } = useLiveQuery(
    api.machines.get,
    isDeleted ? "skip" : { machineId },
  );
  if (error !== null) {
    return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
  }
  if (machine === undefined) return <MachineLoading />;
  if (machine === null) return <NoSuchMachine />;
  return (
    <MachineView
      // Nothing that was typed or opened for one machine is left for the next.
      key={machine.machineId}
      machine={machine}
      canAudit={canAudit}
      canEdit={canEdit}
      onRetry={onRetry}
      onDeleted={() => {
        setIsDeleted(true);
        onDeleted();
      }}
    />
  );
}

function MachineView({
  machine,
  canAudit,
  canEdit,
  onRetry,
  onDeleted,
}: {
  machine: MachineDetails;
  canAudit: boolean;
  canEdit: boolean;
  onRetry: () => void;
  onDeleted: () => void;
}) {
  const state = useMachineState(machine);
  useDocumentTitle(machine.name, state === "offline" ? 1 : 0);
  return (
    <div className="grid gap-5">
      <MachineHeader machine={machine} state={state} canAudit={canAudit} />
      <OpenIncident machine={machine} state={state} canEdit={canEdit} />
      <MachineNotices machine={machine} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] xl:grid-rows-[auto_1fr]">
        <Column>
          <MachineVitals machine={machine} state={state} />
          <MoreMeasurements machine={machine} state={state} />
          <MachineCharts machineId={machine.machineId} onRetry={onRetry} />
        </Column>
        <Column className="xl:row-span-2">
          <Deadline machine={machine} state={state} />
          <UptimeCard machineId={machine.machineId} />
          <MachineFacts machine={machine} />
          <ThresholdWhatIf machine={machine} />
          <DependencyCard machineId={machine.machineId} />
          <TokenCard machine={machine} />
        </Column>
        <Column>
          <MachineSettings machine={machine} />
          <MachinePlace machine={machine} onGone={onDeleted} />
          {machine.shelf !== "deleted" && <DeleteMachine machine={machine} onDeleted={onDeleted} />}
        </Column>
      </div>
    </div>
  );
}

/** Narrow screens have one column: how it is, what is known, and last what can be changed. */
function Column({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={cn("grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4", className)}>{children}</div>
  );
}

function NoSuchMachine() {
  const texts = useTexts().machine.page;
  useDocumentTitle(texts.noSuch);
  return (
    <EmptyView
      isPage
      icon={<ServerOff />}
      title={texts.noSuch}
      action={
        <Link to={paths.fleet.href()} className={buttonClass("secondary")}>
          {texts.toFleet}
        </Link>
      }
    >
      {texts.noSuchLead}
    </EmptyView>
  );
}

function MachineLoading() {
  const texts = useTexts().machine.page;
  return (
    <div role="status" aria-label={texts.loading} className="grid gap-5">
      <Skeleton className="h-8 w-64" />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Skeleton className="h-56" shape="rounded-lg" />
        <Skeleton className="h-56" shape="rounded-lg" />
      </div>
    </div>
  );
}
