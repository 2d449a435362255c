import { useEffect, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { type Connection, useConnection } from "@/hooks/useConnection.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { formatDuration } from "@/lib/format.ts";
import { SECOND } from "../../../core/time.ts";

const looks: Record<Connection, { dot: string; text: string }> = {
  live: { dot: "bg-online-fill", text: "text-ink-soft" },
  connecting: { dot: "animate-shimmer bg-waiting-fill", text: "text-waiting" },
  reconnecting: { dot: "animate-shimmer bg-late-fill", text: "text-late" },
  unreachable: { dot: "bg-offline-fill", text: "text-offline" },
};

/** Whether what is on screen is live, and how old it is where not: all other ages stand still meanwhile. */
export function ConnectionPill() {
  const connection = useConnection();
  const { common: texts } = useTexts();
  const { dot, text } = looks[connection];
  return (
    <span
      title={connection === "reconnecting" ? texts.shownAsOfLastConnection : undefined}
      className={cn("inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap", text)}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", dot)} />
      <span role="status" data-connection={connection}>
        {texts.connections[connection]}
      </span>
      {/* Outside of the status: a screen reader is not told every second. */}
      {connection === "reconnecting" && <SilentFor />}
    </span>
  );
}

/** Counts from when it is first shown, by the browser's own clock: the page's stands still. */
function SilentFor() {
  const { common: texts } = useTexts();
  const [since] = useState(() => Date.now());
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now - since < SECOND ? null : <span>· {texts.dataAge(formatDuration(now - since))}</span>;
}
