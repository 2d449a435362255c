import { CircleCheck, UserCheck } from "lucide-react";
import { StatusGlyph } from "@/components/ui/StatusGlyph.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Incident } from "@/lib/backend.ts";

export type Stage = "open" | "acknowledged" | "closed";

export function stageOf({ closedAt, acknowledgedAt }: Incident): Stage {
  if (closedAt !== null) return "closed";
  return acknowledgedAt === null ? "open" : "acknowledged";
}

/** How far an incident is, as shape, word and colour. */
export function IncidentState({ incident }: { incident: Incident }) {
  const { incidents: texts } = useTexts();
  const stage = stageOf(incident);
  const word = texts.states[stage];
  switch (stage) {
    case "open":
      return (
        <span className="inline-flex items-center gap-2 font-medium whitespace-nowrap text-offline">
          <StatusGlyph state="offline" />
          {word}
        </span>
      );
    case "acknowledged":
      return (
        <span className="inline-flex items-center gap-1.5 font-medium whitespace-nowrap text-late">
          <UserCheck aria-hidden="true" className="size-3.5" strokeWidth={2.5} />
          {word}
        </span>
      );
    case "closed":
      return (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-soft">
          <CircleCheck aria-hidden="true" className="size-3.5 text-online" />
          {word}
        </span>
      );
    default:
      return stage satisfies never;
  }
}
