import { type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

const tones = {
  neutral: "border-line bg-sunken text-ink-soft",
  accent: "border-transparent bg-accent-soft text-accent-ink",
  good: "border-transparent bg-online-soft text-online",
  warning: "border-transparent bg-late-soft text-late",
  bad: "border-transparent bg-offline-soft text-offline",
};

/** One word about something, such as a role. The word says it; the tone only helps. */
export function Badge({
  tone = "neutral",
  children,
}: {
  tone?: keyof typeof tones;
  children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1 rounded-sm border px-1.5 text-xs whitespace-nowrap [&_svg]:size-3.5",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
