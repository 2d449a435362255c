import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { formatPercent } from "@/lib/format.ts";

/** From here on a bar draws the eye; the number is beside it for those who do not see the colour. */
const HIGH_PERCENT = 80;
const CRITICAL_PERCENT = 92;

function fillClass(percent: number): string {
  if (percent >= CRITICAL_PERCENT) return "bg-offline-fill";
  return percent >= HIGH_PERCENT ? "bg-late-fill" : "bg-meter";
}

/** A percentage as number and bar; a dash where nothing was reported. `isOld` dims a value that is no longer live. */
export function Meter({
  label,
  percent,
  isOld = false,
  className,
}: {
  label: string;
  percent: number | null;
  isOld?: boolean;
  className?: string;
}) {
  const { common: texts } = useTexts();
  if (percent === null) {
    return (
      <span
        role="img"
        aria-label={texts.notReported(label)}
        className="block w-9 text-right text-ink-faint"
      >
        –
      </span>
    );
  }
  const shown = Math.min(100, Math.max(0, percent));
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={isOld ? texts.lastKnown(formatPercent(percent)) : formatPercent(percent)}
      className={cn("flex items-center gap-2", isOld && "text-ink-faint", className)}
    >
      <span className="w-9 shrink-0 text-right">{formatPercent(percent)}</span>
      <Bar percent={shown} isOld={isOld} className="h-1.5 min-w-8 flex-1" />
    </span>
  );
}

/** Only the bar, for places that print the number themselves. */
export function Bar({
  percent,
  isOld = false,
  className,
}: {
  percent: number;
  isOld?: boolean;
  className?: string;
}) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "overflow-hidden rounded-full bg-line",
        isOld && "opacity-50 grayscale",
        className,
      )}
    >
      <span
        className={cn(
          "block h-full origin-left rounded-full transition-transform duration-500",
          fillClass(percent),
        )}
        style={{ transform: `scaleX(${percent / 100})` }}
      />
    </span>
  );
}
