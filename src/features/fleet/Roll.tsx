import { type MachineState } from "../../../core/status.ts";
import { statusWord } from "@/components/ui/StatusBadge.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { statesByUrgency } from "@/lib/machineState.ts";
import { type StateCounts } from "./fleetView.ts";

/** Above this, single strokes would be thinner than a pixel on a phone: one block per state instead. */
const MAX_STROKES = 160;

/** Above this, wide gaps would leave the strokes no room beside the side panel. */
const FEW_STROKES = 40;

// Height tells the states apart where colour does not: whoever answers stands tall.
const strokes: Record<MachineState, string> = {
  online: "h-full bg-online-fill",
  late: "h-3/4 bg-late-fill",
  offline: "h-2/5 bg-offline-fill",
  waiting: "h-2/5 border border-waiting-fill",
  stopped: "h-1/5 bg-stopped-fill",
};

/** The fleet as a small picture: a stroke for every machine, in the order of its state. */
export function Roll({ counts }: { counts: StateCounts }) {
  const { fleet: texts } = useTexts();
  const total = statesByUrgency.reduce((sum, state) => sum + counts[state], 0);
  const isStrokes = total <= MAX_STROKES;
  const summary = statesByUrgency
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${statusWord(state).toLowerCase()}`)
    .join(", ");
  return (
    <div
      role="img"
      aria-label={texts.summary.roll(summary)}
      className={cn(
        "flex h-9 items-end overflow-hidden",
        isStrokes && total <= FEW_STROKES ? "gap-[3px] sm:gap-1" : isStrokes ? "gap-px" : "gap-0.5",
      )}
    >
      {statesByUrgency.flatMap((state) =>
        isStrokes
          ? Array.from({ length: counts[state] }, (_, index) => (
              <span
                key={`${state}${index}`}
                className={cn(
                  "max-w-2 min-w-0.5 flex-1 rounded-full transition-[height,background-color] duration-300",
                  strokes[state],
                )}
              />
            ))
          : counts[state] > 0 && (
              <span
                key={state}
                className={cn("min-w-1.5 rounded-sm", strokes[state])}
                style={{ flexGrow: counts[state] }}
              />
            ),
      )}
    </div>
  );
}
