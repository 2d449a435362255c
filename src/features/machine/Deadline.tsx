import { Card } from "@/components/ui/Card.tsx";
import { useNow } from "@/hooks/useNow.ts";
import { type MachineDetails } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatDuration } from "@/lib/format.ts";
import { type MachineState } from "../../../core/status.ts";

/** How much of the machine's patience budget is used: the time since the last heartbeat against its two limits. */
export function Deadline({ machine, state }: { machine: MachineDetails; state: MachineState }) {
  const now = useNow();
  const { heartbeatIntervalMs, offlineThresholdMs } = machine;
  const lastSeenAt = machine.lastSeen;
  const silentMs = lastSeenAt === null ? 0 : Math.max(0, now - lastSeenAt);
  const used = Math.min(1, silentMs / offlineThresholdMs);
  const dueAt = Math.min(1, heartbeatIntervalMs / offlineThresholdMs);
  return (
    <Card title="Heartbeat" description={sentence(state, silentMs, machine)}>
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
            <dt className="inline">Expected every </dt>
            <dd className="inline font-medium text-ink-soft">
              {formatDuration(heartbeatIntervalMs)}
            </dd>
          </div>
          <div className="text-right">
            <dt className="inline">Offline after </dt>
            <dd className="inline font-medium text-ink-soft">
              {formatDuration(offlineThresholdMs)}
            </dd>
          </div>
        </dl>
      </div>
    </Card>
  );
}

function sentence(state: MachineState, silentMs: number, machine: MachineDetails): string {
  const leftMs = machine.offlineThresholdMs - silentMs;
  switch (state) {
    case "waiting":
      return "The clock starts with the first heartbeat.";
    case "online":
      return silentMs < machine.heartbeatIntervalMs
        ? `Next expected in ${formatDuration(machine.heartbeatIntervalMs - silentMs)}.`
        : "Due now.";
    case "late":
      return leftMs > 0
        ? `Overdue. Declared offline in ${formatDuration(leftMs)} unless it answers.`
        : "Past its deadline: the next check declares it offline.";
    case "offline":
      return `Silent for ${formatDuration(silentMs)}.`;
    case "stopped":
      return "It said goodbye, so nobody is alarmed.";
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
