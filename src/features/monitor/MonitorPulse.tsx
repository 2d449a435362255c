import { Activity, TriangleAlert } from "lucide-react";
import { Age } from "@/components/ui/Age.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { formatDurationInput } from "@/lib/format.ts";
import { type MonitorHealth } from "./useMonitor.ts";

/** One line about the monitor itself: when it last checked everybody. */
export function MonitorPulse({ health }: { health: MonitorHealth | null }) {
  const { monitor: texts } = useTexts();
  if (health === null) return null;
  const { lastSweepAt, isSilent, checkIntervalMs } = health;
  const Icon = isSilent ? TriangleAlert : Activity;
  return (
    <p
      className="flex items-center gap-2 text-xs text-ink-faint"
      title={texts.checksEvery(formatDurationInput(checkIntervalMs))}
    >
      <Icon
        aria-hidden="true"
        className={isSilent ? "size-3.5 shrink-0 text-late" : "size-3.5 shrink-0"}
      />
      {lastSweepAt === null ? (
        texts.noCheckYet
      ) : (
        <span>
          {texts.lastCheckWas} <Age at={lastSweepAt} />
        </span>
      )}
    </p>
  );
}
