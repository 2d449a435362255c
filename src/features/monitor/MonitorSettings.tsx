import { Age } from "@/components/ui/Age.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { formatDurationInput } from "@/lib/format.ts";
import { type MonitorHealth } from "./useMonitor.ts";

/** How the monitor itself is, and how it is set. The settings come from the environment of the backend. */
export function MonitorSettings({ health }: { health: MonitorHealth | null }) {
  const { monitor: texts, common } = useTexts();
  return (
    <Card title={texts.title} description={texts.detail}>
      <Facts>
        <Fact label={texts.lastCheck}>
          {health === null || health.lastSweepAt === null ? (
            common.nothing
          ) : (
            <Age at={health.lastSweepAt} />
          )}
          {health?.isSilent === true && (
            <span className="ml-2 font-medium text-late">{texts.overdue}</span>
          )}
        </Fact>
        <Fact label={texts.interval}>
          {health === null ? common.nothing : formatDurationInput(health.checkIntervalMs)}
        </Fact>
        <Fact label={texts.lastReconciled}>
          {health === null || health.lastReconciledAt === null ? (
            common.nothing
          ) : (
            <Age at={health.lastReconciledAt} />
          )}
        </Fact>
      </Facts>
    </Card>
  );
}
