import { type ReactNode } from "react";
import { Card } from "@/components/ui/Card.tsx";
import { Meter } from "@/components/ui/Meter.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatNumber } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { type MachineState } from "../../../core/status.ts";

/** What only some machines report: swap, several file systems, gauges of their owner's. Nothing where there is none. */
export function MoreMeasurements({
  machine,
  state,
}: {
  machine: MachineDetails;
  state: MachineState;
}) {
  const texts = useTexts().measurements;
  const { swapUsage, disks, gauges } = machine.pulse;
  const isOld = !isReporting(state);
  const counted = Object.entries(gauges).sort(([left], [right]) => left.localeCompare(right));
  if (swapUsage === null && disks.length === 0 && counted.length === 0) return null;
  // A file system may be mounted over another at the same place, and be called what else is called so here.
  const meters = [
    ...(swapUsage === null ? [] : [{ key: "swap", name: texts.swap, percent: swapUsage }]),
    ...disks.map(({ mount, usage }, index) => ({
      key: `disk ${index}`,
      name: mount,
      percent: usage,
    })),
  ];
  return (
    <Card title={texts.title} description={texts.detail}>
      <dl className="divide-y divide-line text-sm">
        {meters.map(({ key, name, percent }) => (
          <Row key={key} name={name}>
            <Meter label={name} percent={percent} isOld={isOld} />
          </Row>
        ))}
        {counted.map(([name, value]) => (
          <Row key={`gauge ${name}`} name={name}>
            {/* Its last digit stands below those of the percentages, or at the edge where there are none. */}
            <span
              className={cn(
                meters.length === 0 ? "block text-right" : "inline-block min-w-9 text-right",
                isOld ? "text-ink-faint" : "font-medium",
              )}
            >
              {formatNumber(value)}
            </span>
          </Row>
        ))}
      </dl>
    </Card>
  );
}

/** Names are the machine's own words: shown as text, broken where they are long. */
function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-10 grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-3 px-4 py-1">
      <dt className="break-words text-ink-faint">{name}</dt>
      <dd className="min-w-0 text-ink tabular-nums">{children}</dd>
    </div>
  );
}
