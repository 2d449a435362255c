import { cn } from "@/lib/cn.ts";
import { type Connection, useConnection } from "@/hooks/useConnection.ts";

const looks: Record<Connection, { word: string; dot: string; text: string }> = {
  live: { word: "Live", dot: "bg-online-fill", text: "text-ink-soft" },
  connecting: { word: "Connecting", dot: "animate-shimmer bg-waiting-fill", text: "text-waiting" },
  reconnecting: { word: "Reconnecting", dot: "animate-shimmer bg-late-fill", text: "text-late" },
  unreachable: { word: "No connection", dot: "bg-offline-fill", text: "text-offline" },
};

/** Whether what is on screen is live. While it is not, ages stand still. */
export function ConnectionPill() {
  const connection = useConnection();
  const { word, dot, text } = looks[connection];
  return (
    <span
      role="status"
      data-connection={connection}
      title={connection === "reconnecting" ? "Shown as of the last connection" : undefined}
      className={cn("inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap", text)}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", dot)} />
      {word}
    </span>
  );
}
