import { Check, Circle, TriangleAlert, X } from "lucide-react";
import { Spinner } from "@/components/ui/Spinner.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNow } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { checklistSteps, type StepState } from "./checklistSteps.ts";

/** What has arrived from the new machine, ticking live as it does, and what went wrong. */
export function FirstBeatChecklist({ machineId }: { machineId: string }) {
  const { checklist: texts } = useTexts().enrolment;
  const { data } = useLiveQuery(api.machines.checklist, { machineId });
  const now = useNow();
  const isAccepted = typeof data?.tokenAcceptedAt === "number";
  return (
    <section
      aria-label={texts.label}
      className={cn(
        "rounded-md border transition-colors duration-300",
        isAccepted ? "border-online-fill/45 bg-online-soft" : "border-line",
      )}
    >
      <ol className="grid gap-2.5 px-3.5 py-3">
        {checklistSteps(data ?? null, now, texts).map((step) => (
          <li key={step.key} className="flex items-start gap-2.5 text-sm">
            <StepIcon state={step.state} />
            <span className={cn("flex-1", step.state === "todo" ? "text-ink-faint" : "text-ink")}>
              <span className="font-medium">{step.title}</span>
              <span className="block text-xs wrap-anywhere text-ink-soft">{step.note}</span>
            </span>
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {isAccepted ? texts.online : texts.waiting}
      </p>
    </section>
  );
}

function StepIcon({ state }: { state: StepState }) {
  const { checklist: texts } = useTexts().enrolment;
  const box = "mt-0.5 inline-flex size-4 shrink-0 items-center justify-center";
  switch (state) {
    case "done":
      return (
        <span className={cn(box, "animate-tick-in rounded-full bg-online-fill text-surface")}>
          <Check aria-label={texts.doneMark} strokeWidth={3.5} className="size-2.5" />
        </span>
      );
    case "current":
      return (
        <span className={cn(box, "text-accent-ink")}>
          <Spinner />
        </span>
      );
    case "todo":
      return (
        <span className={cn(box, "text-line-strong")}>
          <Circle aria-hidden="true" className="size-4" />
        </span>
      );
    case "warning":
      return (
        <span className={cn(box, "animate-tick-in text-late")}>
          <TriangleAlert aria-label={texts.warningMark} className="size-4" />
        </span>
      );
    case "failed":
      return (
        <span className={cn(box, "animate-tick-in text-offline")}>
          <X aria-label={texts.failedMark} strokeWidth={3} className="size-4" />
        </span>
      );
    default:
      return state satisfies never;
  }
}
