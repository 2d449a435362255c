import { type MachineState } from "../../../core/status.ts";
import { cn } from "@/lib/cn.ts";

const colours: Record<MachineState, string> = {
  online: "text-online-fill",
  late: "text-late-fill",
  offline: "text-offline-fill",
  waiting: "text-waiting-fill",
  stopped: "text-stopped-fill",
};

/** Each state has a shape of its own, so that it can be told without its colour. Decorative: put the word beside it. */
export function StatusGlyph({
  state,
  beat,
  size = "size-3",
  className,
}: {
  state: MachineState;
  /** Changes with every heartbeat; each change lets a ring go out from an online machine. */
  beat?: number | null;
  size?: string;
  className?: string;
}) {
  const hasRing = state === "online" && beat !== undefined && beat !== null;
  return (
    <span className={cn("relative inline-flex shrink-0", size, colours[state], className)}>
      {hasRing && (
        <span
          key={beat}
          className="absolute inset-0 animate-beat rounded-full border-2 border-current opacity-0"
        />
      )}
      <svg viewBox="0 0 12 12" aria-hidden="true" className="relative size-full">
        <Shape state={state} />
      </svg>
    </span>
  );
}

function Shape({ state }: { state: MachineState }) {
  switch (state) {
    case "online":
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case "late":
      return <path d="M6 .9 11.4 10.6H.6Z" fill="currentColor" strokeLinejoin="round" />;
    case "offline":
      return (
        <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2.8" strokeLinecap="round" />
      );
    case "waiting":
      return (
        <circle
          cx="6"
          cy="6"
          r="4.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeDasharray="2.3 2.3"
        />
      );
    case "stopped":
      return <rect x="2" y="2" width="8" height="8" rx="1.2" fill="currentColor" />;
    default:
      return state satisfies never;
  }
}
