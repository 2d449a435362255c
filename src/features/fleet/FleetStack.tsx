import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { FleetCards } from "./FleetCards.tsx";
import { formatCount } from "@/lib/format.ts";
import { type FleetEntry } from "./fleetView.ts";
import { type Pulses } from "./usePulses.ts";

/** Cards added at a time; all of a large fleet would slow the page. */
export const CARDS_STEP = 100;

/** The fleet as cards, in steps: one column on a phone, a grid where there is room. */
export function FleetStack({
  entries,
  pulses,
  isGrid,
  onCount,
}: {
  entries: FleetEntry[];
  pulses: Pulses;
  isGrid: boolean;
  onCount: (count: number) => void;
}) {
  const { fleet: texts } = useTexts();
  const [limit, setLimit] = useState(CARDS_STEP);
  const shown = entries.slice(0, limit);
  const more = () => {
    setLimit(limit + CARDS_STEP);
    onCount(limit + CARDS_STEP);
  };
  return (
    <>
      <FleetCards entries={shown} pulses={pulses} isGrid={isGrid} />
      {entries.length > shown.length && (
        <div className={cn("flex justify-center p-3", !isGrid && "border-t border-line")}>
          <Button onClick={more}>
            {texts.more(formatCount(Math.min(CARDS_STEP, entries.length - shown.length)))}
          </Button>
        </div>
      )}
    </>
  );
}
