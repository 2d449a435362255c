import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDuration } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";
import { HOUR, MINUTE, SECOND } from "../../../core/time.ts";

const steps = [
  10 * SECOND,
  20 * SECOND,
  30 * SECOND,
  45 * SECOND,
  MINUTE,
  90 * SECOND,
  2 * MINUTE,
  3 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  6 * HOUR,
];

/** What another threshold would have made of the last thirty days, before it is set. */
export function ThresholdWhatIf({ machine }: { machine: MachineDetails }) {
  const texts = useTexts().charts.whatIf;
  const { machineId, offlineThresholdMs, heartbeatIntervalMs } = machine;
  // A threshold below the interval would be an alarm with each heartbeat.
  const choices = [...new Set([...steps, offlineThresholdMs])]
    .filter((ms) => ms > heartbeatIntervalMs)
    .sort((a, b) => a - b);
  const [chosen, setChosen] = useState<number | null>(null);
  const { call, isPending } = useCall(api.machines.update);
  const thresholdMs = chosen ?? offlineThresholdMs;
  const verdict = useKept(useLiveQuery(api.history.whatIf, { machineId, thresholdMs }).data);

  const apply = async () => {
    try {
      await call({ machineId, offlineThresholdMs: thresholdMs });
      setChosen(null);
      toast.success(texts.used(formatDuration(thresholdMs)));
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <Card title={texts.title} description={texts.lead}>
      <div className="grid gap-3 px-4 py-4">
        <label className="grid gap-1.5 text-sm">
          <span className="flex justify-between">
            <span className="text-ink-soft">{texts.offlineAfter}</span>
            <span className="font-semibold">{formatDuration(thresholdMs)}</span>
          </span>
          <input
            type="range"
            min={0}
            max={choices.length - 1}
            value={choices.indexOf(thresholdMs)}
            aria-valuetext={formatDuration(thresholdMs)}
            onChange={(event) => setChosen(choices[Number(event.target.value)] ?? null)}
            className="range h-6 w-full"
          />
        </label>
        {verdict !== undefined && (
          <p role="status" className="text-sm text-ink-soft">
            {sentenceOf(verdict.asked, texts)}
            {thresholdMs !== offlineThresholdMs &&
              ` ${texts.now(formatDuration(offlineThresholdMs), verdict.current.alerts)}`}
          </p>
        )}
        {thresholdMs !== offlineThresholdMs && (
          <span className="flex justify-end gap-2">
            <Button variant="ghost" onClick={() => setChosen(null)}>
              {texts.keep(formatDuration(offlineThresholdMs))}
            </Button>
            <Button variant="primary" isPending={isPending} onClick={() => void apply()}>
              {texts.use(formatDuration(thresholdMs))}
            </Button>
          </span>
        )}
      </div>
    </Card>
  );
}

interface Verdict {
  thresholdMs: number;
  alerts: number;
  underAMinute: number;
}

function sentenceOf(
  { thresholdMs, alerts, underAMinute }: Verdict,
  texts: Texts["charts"]["whatIf"],
): string {
  const threshold = formatDuration(thresholdMs);
  return alerts === 0 ? texts.none(threshold) : texts.alerts(threshold, alerts, underAMinute);
}
