import { Card } from "@/components/ui/Card.tsx";
import { useNow } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";
import { type MachineState } from "../../../core/status.ts";

/** How much of the machine's patience budget is used: the time since the last heartbeat against its two limits. */
export function Deadline({ machine, state }: { machine: MachineDetails; state: MachineState }) {
  const texts = useTexts().machine.deadline;
  const now = useNow();
  const { heartbeatIntervalMs, offlineThresholdMs } = machine;
  const lastSeenAt = machine.lastSeen;
  const silentMs = lastSeenAt === null ? 0 : Math.max(0, now - lastSeenAt);
  const used = Math.min(1, silentMs / offlineThresholdMs);
  const dueAt = Math.min(1, heartbeatIntervalMs / offlineThresholdMs);
  return (
    <Card title={texts.title} description={sentence(state, { silentMs, machine, texts })}>
      <div className="px-4 pt-5 pb-4">
        <div aria-hidden="true" className="relative h-2 rounded-full bg-line">
          <span
            className={cn(
              "absolute inset-y-0 left-0 rounded-full transition-[width] duration-1000 ease-linear",
              fill(state),
            )}
            style={{ width: `${used * 100}%` }}
          />
          <span
            className="absolute -inset-y-1 w-0.5 -translate-x-1/2 rounded-full bg-ink-faint"
            style={{ left: `${dueAt * 100}%` }}
          />
        </div>
        <dl className="mt-3 flex justify-between gap-4 text-xs text-ink-faint">
          <div>
            <dt className="inline">{texts.every} </dt>
            <dd className="inline font-medium text-ink-soft">
              {formatDuration(heartbeatIntervalMs)}
            </dd>
          </div>
          <div className="text-right">
            <dt className="inline">{texts.offlineAfter} </dt>
            <dd className="inline font-medium text-ink-soft">
              {formatDuration(offlineThresholdMs)}
            </dd>
          </div>
        </dl>
      </div>
    </Card>
  );
}

function sentence(
  state: MachineState,
  {
    silentMs,
    machine,
    texts,
  }: { silentMs: number; machine: MachineDetails; texts: Texts["machine"]["deadline"] },
): string {
  const leftMs = machine.offlineThresholdMs - silentMs;
  switch (state) {
    case "waiting":
      return texts.notStarted;
    case "online":
      return silentMs < machine.heartbeatIntervalMs
        ? texts.next(formatDuration(machine.heartbeatIntervalMs - silentMs))
        : texts.due;
    case "late":
      return leftMs > 0 ? texts.overdue(formatDuration(leftMs)) : texts.past;
    case "offline":
      return texts.silent(formatDuration(silentMs));
    case "stopped":
      return texts.stopped;
    default:
      return state satisfies never;
  }
}

function fill(state: MachineState): string {
  switch (state) {
    case "online":
      return "bg-online-fill";
    case "late":
      return "bg-late-fill";
    case "offline":
      return "bg-offline-fill";
    case "waiting":
    case "stopped":
      return "bg-stopped-fill";
    default:
      return state satisfies never;
  }
}
