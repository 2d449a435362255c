import { useTexts } from "@/hooks/useTexts.ts";
import { formatShare } from "@/lib/format.ts";
import { cellLetters } from "../../../core/uptime.ts";
import { useDayBar } from "./useDayBars.ts";

// Height tells apart what colour does not; our own gaps are hatched, never red.
const looks: Record<string, string> = {
  [cellLetters.up]: "h-full bg-online-fill/80",
  [cellLetters.partly]: "h-3/4 bg-late-fill",
  [cellLetters.down]: "h-1/2 bg-offline-fill",
  [cellLetters.stopped]: "h-1/4 bg-stopped-fill",
  [cellLetters.waiting]: "h-1/4 bg-line",
  [cellLetters.maintenance]: "h-3/5 bg-waiting-fill",
  [cellLetters.unknown]: "h-full hatched",
};

/** The last 24 hours of a machine, half an hour a cell, oldest left. */
export function DayBar({ machineId }: { machineId: string }) {
  const { fleet: texts } = useTexts();
  const bar = useDayBar(machineId);
  if (bar === undefined)
    return <span aria-hidden="true" className="block h-3.5 rounded-sm bg-sunken" />;
  const label = bar.uptime === null ? texts.dayUnknown : texts.dayUptime(formatShare(bar.uptime));
  return (
    <span role="img" aria-label={label} title={label} className="flex h-3.5 items-end gap-px">
      {[...bar.cells].map((letter, index) => (
        <span key={index} className={`min-w-px flex-1 rounded-[1px] ${looks[letter] ?? ""}`} />
      ))}
    </span>
  );
}
