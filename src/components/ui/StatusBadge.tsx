import { type MachineState } from "../../../core/status.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { texts } from "@/texts/texts.ts";
import { StatusGlyph } from "./StatusGlyph.tsx";

const looks: Record<MachineState, { badge: string; text: string }> = {
  online: { badge: "bg-online-soft text-online", text: "text-online" },
  late: { badge: "bg-late-soft text-late", text: "text-late" },
  offline: { badge: "bg-offline-soft text-offline", text: "text-offline" },
  waiting: { badge: "bg-waiting-soft text-waiting", text: "text-waiting" },
  stopped: { badge: "bg-stopped-soft text-stopped", text: "text-stopped" },
};

/** The word for a state, as it is written everywhere. */
export function statusWord(state: MachineState): string {
  return texts().common.states[state];
}

/** A machine's state as shape, word and colour. "plain" is for rows, "pill" for headings. */
export function StatusBadge({
  state,
  beat,
  variant = "plain",
}: {
  state: MachineState;
  beat?: number | null;
  variant?: "plain" | "pill";
}) {
  const { common: texts } = useTexts();
  const look = looks[state];
  return (
    <span
      data-state={state}
      className={cn(
        "inline-flex items-center gap-2 align-middle font-medium whitespace-nowrap",
        variant === "pill" ? cn("rounded-full py-1 pr-3 pl-2.5", look.badge) : look.text,
      )}
    >
      <StatusGlyph state={state} beat={beat} />
      {texts.states[state]}
    </span>
  );
}
