import { ChevronLeft, ChevronRight, History } from "lucide-react";
import { type ReactNode } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { inputClass } from "@/components/ui/Field.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { formatStamp } from "@/lib/format.ts";
import { fieldValueOf, readMoment } from "./moment.ts";

/** Says that this is not now, and moves through time: to a moment, from change to change, or back. */
export function PastBanner({
  at,
  onMove,
  onLeave,
  children,
}: {
  at: number;
  onMove: (at: number) => void;
  onLeave: () => void;
  /** What else is to be said of the moment. */
  children?: ReactNode;
}) {
  const { fleet } = useTexts();
  const texts = fleet.past;
  const steps = useKept(useLiveQuery(api.history.steps, { at }).data);
  const previousAt = steps?.previousAt ?? null;
  const nextAt = steps?.nextAt ?? null;
  return (
    <section
      aria-label={texts.title}
      className="sticky top-13 z-20 mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-accent-ink/40 bg-accent-soft px-4 py-2.5 shadow-card lg:top-0"
    >
      <div role="status" className="flex min-w-64 flex-1 items-start gap-2.5">
        <History aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent-ink" />
        <p className="text-sm text-ink">
          <strong className="font-semibold">{texts.banner(formatStamp(at))}</strong>{" "}
          <span className="text-ink-soft">{children ?? texts.namesOfToday}</span>
        </p>
      </div>
      <div className="flex min-w-0 items-center gap-1 max-sm:w-full">
        <IconButton
          label={previousAt === null ? texts.noPrevious : texts.previous}
          aria-disabled={previousAt === null}
          onClick={() => previousAt !== null && onMove(previousAt)}
          className={cn(previousAt === null && "opacity-40")}
        >
          <ChevronLeft />
        </IconButton>
        <span className="w-60 min-w-0 max-sm:flex-1">
          <input
            // Anew for each moment: typing in it is the browser's business until it makes a moment.
            key={at}
            type="datetime-local"
            step={1}
            aria-label={texts.moment}
            defaultValue={fieldValueOf(at)}
            onBlur={(event) => moveTo(event.target.value, at, onMove)}
            onKeyDown={(event) =>
              event.key === "Enter" && moveTo(event.currentTarget.value, at, onMove)
            }
            className={cn(inputClass, "h-8 px-2 text-sm")}
          />
        </span>
        <IconButton
          label={nextAt === null ? texts.noNext : texts.next}
          aria-disabled={nextAt === null}
          onClick={() => nextAt !== null && onMove(nextAt)}
          className={cn(nextAt === null && "opacity-40")}
        >
          <ChevronRight />
        </IconButton>
      </div>
      <Button variant="primary" onClick={onLeave} className="max-sm:w-full">
        {texts.backToNow}
      </Button>
    </section>
  );
}

/** The field knows whole seconds only: a moment that it did not change is left alone. */
function moveTo(value: string, at: number, onMove: (at: number) => void): void {
  const chosen = readMoment(value);
  if (chosen !== null && value !== fieldValueOf(at)) onMove(chosen);
}
