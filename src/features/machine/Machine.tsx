import { ServerOff } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { buttonClass } from "@/components/ui/Button.tsx";
import { EmptyView, ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
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
import { ThresholdWhatIf } from "./ThresholdWhatIf.tsx";
import { TokenCard } from "./TokenCard.tsx";
import { UptimeCard } from "./UptimeCard.tsx";
import { useMachineState } from "./useMachineState.ts";

/** One machine: state, vitals, history, facts, settings. */
export function Machine({
  machineId,
  onDeleted,
  onRetry,
}: {
  machineId: string;
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
  onRetry,
  onDeleted,
}: {
  machine: MachineDetails;
  onRetry: () => void;
  onDeleted: () => void;
}) {
  const state = useMachineState(machine);
  useDocumentTitle(machine.name, state === "offline" ? 1 : 0);
  return (
    <div className="grid gap-5">
      <MachineHeader machine={machine} state={state} />
      <MachineNotices machine={machine} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <MachineVitals machine={machine} state={state} />
          <MoreMeasurements machine={machine} state={state} />
          <MachineCharts machineId={machine.machineId} onRetry={onRetry} />
          <MachineSettings machine={machine} />
        </div>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <Deadline machine={machine} state={state} />
          <UptimeCard machineId={machine.machineId} />
          <MachineFacts machine={machine} />
          <ThresholdWhatIf machine={machine} />
          <TokenCard machine={machine} />
          <DependencyCard machineId={machine.machineId} />
          <MachinePlace machine={machine} onGone={onDeleted} />
          {machine.shelf !== "deleted" && <DeleteMachine machine={machine} onDeleted={onDeleted} />}
        </div>
      </div>
    </div>
  );
}

function NoSuchMachine() {
  const texts = useTexts().machine.page;
  useDocumentTitle(texts.noSuch);
  return (
    <EmptyView
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
