import { type ReactNode } from "react";
import { Bar } from "@/components/ui/Meter.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration, formatPercent } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { SECOND } from "../../../core/time.ts";
import { type MachineState } from "../../../core/status.ts";

/** What the last heartbeat said about the machine's load. */
export function MachineVitals({
  machine,
  state,
}: {
  machine: MachineDetails;
  state: MachineState;
}) {
  const texts = useTexts().machine.vitals;
  const pulse = machine.pulse;
  const isOld = !isReporting(state);
  const hasMetrics = [pulse.cpuUsage, pulse.memoryUsage, pulse.diskUsage].some(
    (value) => value !== null,
  );
  return (
    <Card
      title={isOld && hasMetrics ? texts.titleOld : texts.title}
      description={hasMetrics ? texts.lead : texts.none}
    >
      <dl
        className={cn(
          "grid grid-cols-2 gap-px overflow-hidden rounded-b-lg bg-line sm:grid-cols-3",
          isOld && "[&_dd]:text-ink-faint",
        )}
      >
        <Gauge label={texts.cpu} percent={pulse.cpuUsage} isOld={isOld} />
        <Gauge label={texts.memory} percent={pulse.memoryUsage} isOld={isOld} />
        <Gauge label={texts.disk} percent={pulse.diskUsage} isOld={isOld} />
        <Tile label={texts.assistants}>{pulse.assistantCount ?? "–"}</Tile>
        <Tile label={texts.containers}>{pulse.containerCount ?? "–"}</Tile>
        <Tile label={texts.clock}>{clockText(pulse.clockSkewMs, texts.inStep)}</Tile>
      </dl>
    </Card>
  );
}

function Gauge({
  label,
  percent,
  isOld,
}: {
  label: string;
  percent: number | null;
  isOld: boolean;
}) {
  return (
    <Tile label={label}>
      {percent === null ? "–" : formatPercent(percent)}
      <Bar
        percent={Math.min(100, Math.max(0, percent ?? 0))}
        isOld={isOld || percent === null}
        className="mt-2 block h-1.5"
      />
    </Tile>
  );
}

function Tile({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-xs text-ink-faint">{label}</dt>
      <dd className="mt-0.5 text-xl font-semibold tracking-tight">{children}</dd>
    </div>
  );
}

/** Under a second is the way of the message. */
function clockText(skewMs: number | null, inStep: string): string {
  if (skewMs === null) return "–";
  if (Math.abs(skewMs) < SECOND) return inStep;
  return `${skewMs > 0 ? "+" : "−"}${formatDuration(Math.abs(skewMs))}`;
}
