import { cn } from "@/lib/cn.ts";
import { type Connection, useConnection } from "@/hooks/useConnection.ts";
import { useTexts } from "@/hooks/useTexts.ts";

const looks: Record<Connection, { dot: string; text: string }> = {
  live: { dot: "bg-online-fill", text: "text-ink-soft" },
  connecting: { dot: "animate-shimmer bg-waiting-fill", text: "text-waiting" },
  reconnecting: { dot: "animate-shimmer bg-late-fill", text: "text-late" },
  unreachable: { dot: "bg-offline-fill", text: "text-offline" },
};

/** Whether what is on screen is live. While it is not, ages stand still. */
export function ConnectionPill() {
  const connection = useConnection();
  const { common: texts } = useTexts();
  const { dot, text } = looks[connection];
  return (
    <span
      role="status"
      data-connection={connection}
      title={connection === "reconnecting" ? texts.shownAsOfLastConnection : undefined}
      className={cn("inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap", text)}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", dot)} />
      {texts.connections[connection]}
    </span>
  );
}
