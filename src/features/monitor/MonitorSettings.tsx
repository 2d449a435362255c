import { Age } from "@/components/ui/Age.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { formatDurationInput } from "@/lib/format.ts";
import { type MonitorHealth } from "./useMonitor.ts";

/** How the monitor itself is, and how it is set. The settings come from the environment of the backend. */
export function MonitorSettings({ health }: { health: MonitorHealth | null }) {
  return (
    <Card
      title="Monitor"
      description="Set by the environment of the backend, the same for everybody."
    >
      <dl className="divide-y divide-line text-sm">
        <div className="grid min-h-10 grid-cols-[8.5rem_1fr] items-center gap-2 px-4 py-1">
          <dt className="text-ink-faint">Last check</dt>
          <dd>
            {health === null || health.lastSweepAt === null ? "–" : <Age at={health.lastSweepAt} />}
            {health?.isSilent === true && (
              <span className="ml-2 font-medium text-late">overdue: nobody is being watched</span>
            )}
          </dd>
        </div>
        <div className="grid min-h-10 grid-cols-[8.5rem_1fr] items-center gap-2 px-4 py-1">
          <dt className="text-ink-faint">Checks every</dt>
          <dd>{health === null ? "–" : formatDurationInput(health.checkIntervalMs)}</dd>
        </div>
      </dl>
    </Card>
  );
}
