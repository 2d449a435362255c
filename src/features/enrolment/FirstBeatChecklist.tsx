import { Check, Circle, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import { Age } from "@/components/ui/Age.tsx";
import { Spinner } from "@/components/ui/Spinner.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration } from "@/lib/format.ts";
import { SECOND } from "../../../core/time.ts";

/** Above this, times in the machine's own logs stop making sense beside ours. */
const CLOCK_TOLERANCE_MS = 5 * SECOND;

type StepState = "done" | "current" | "todo" | "warning";
interface Step {
  title: string;
  note: ReactNode;
  state: StepState;
}

/** What has arrived from the new machine, ticking live as it does. */
export function FirstBeatChecklist({
  machineId,
  onFirstBeat,
}: {
  machineId: string;
  onFirstBeat: () => void;
}) {
  const { data: machine } = useLiveQuery(api.machines.get, { machineId });
  const steps = stepsFor(machine ?? null);
  const hasBeat = typeof machine?.lastSeen === "number";
  const announce = useEffectEvent(onFirstBeat);
  useEffect(() => {
    if (hasBeat) announce();
  }, [hasBeat]);
  const isOnline = machine?.status === "online";
  return (
    <section
      aria-label="Connection"
      className={cn(
        "rounded-md border transition-colors duration-300",
        isOnline ? "border-online-fill/45 bg-online-soft" : "border-line",
      )}
    >
      <ol className="grid gap-2.5 px-3.5 py-3">
        {steps.map((step) => (
          <li key={step.title} className="flex items-start gap-2.5 text-sm">
            <StepIcon state={step.state} />
            <span className={cn("flex-1", step.state === "todo" ? "text-ink-faint" : "text-ink")}>
              <span className="font-medium">{step.title}</span>
              <span className="block text-xs text-ink-soft">{step.note}</span>
            </span>
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {isOnline ? "The machine is online." : "Waiting for the first heartbeat."}
      </p>
    </section>
  );
}

function stepsFor(machine: MachineDetails | null): Step[] {
  const lastSeenAt = machine?.lastSeen ?? null;
  const hasBeat = lastSeenAt !== null;
  const pulse = machine?.pulse ?? null;
  const hasMetrics = pulse !== null && (pulse.cpuUsage !== null || pulse.memoryUsage !== null);
  return [
    { title: "Token made", note: "Stored here as a hash only.", state: "done" },
    {
      title: hasBeat
        ? "Token accepted, first heartbeat received"
        : "Waiting for the first heartbeat",
      note: hasBeat ? (
        <>
          The machine is {machine?.status ?? "online"}. Last heartbeat <Age at={lastSeenAt} />.
        </>
      ) : (
        "Paste the line above. This turns green within a second, without a reload."
      ),
      state: hasBeat ? "done" : "current",
    },
    clockStep(hasBeat, pulse?.clockSkewMs ?? null),
    {
      title: hasMetrics ? "Metrics received" : "Metrics",
      note: hasMetrics ? "CPU, memory and disk are on its page." : "Only the agent sends them.",
      state: hasMetrics ? "done" : "todo",
    },
  ];
}

function clockStep(hasBeat: boolean, skewMs: number | null): Step {
  if (!hasBeat || skewMs === null) {
    return {
      title: "Clock",
      note: "Checked when a heartbeat carries its own time.",
      state: "todo",
    };
  }
  return Math.abs(skewMs) <= CLOCK_TOLERANCE_MS
    ? { title: "Clock agrees", note: "Within five seconds of ours.", state: "done" }
    : {
        title: `Clock is off by ${formatDuration(Math.abs(skewMs))}`,
        note: "Its status is judged by our clock all the same, but its logs will not match.",
        state: "warning",
      };
}

function StepIcon({ state }: { state: StepState }) {
  const box = "mt-0.5 inline-flex size-4 shrink-0 items-center justify-center";
  switch (state) {
    case "done":
      return (
        <span className={cn(box, "animate-tick-in rounded-full bg-online-fill text-surface")}>
          <Check aria-label="Done:" strokeWidth={3.5} className="size-2.5" />
        </span>
      );
    case "current":
      return (
        <span className={cn(box, "text-accent-ink")}>
          <Spinner />
        </span>
      );
    case "todo":
      return (
        <span className={cn(box, "text-line-strong")}>
          <Circle aria-hidden="true" className="size-4" />
        </span>
      );
    case "warning":
      return (
        <span className={cn(box, "animate-tick-in text-late")}>
          <TriangleAlert aria-label="Warning:" className="size-4" />
        </span>
      );
    default:
      return state satisfies never;
  }
}
