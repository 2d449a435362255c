import { type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { Tip } from "./Tip.tsx";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label" | "children"> {
  /** What it does: the accessible name and the tooltip. */
  label: string;
  children: ReactNode;
  /** Turns red under the pointer: what it does cannot be undone. */
  isDanger?: boolean;
}

/** A square button with an icon only; its name shows on hover and focus. */
export function IconButton({
  label,
  isDanger = false,
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label}>
      <button
        type="button"
        aria-label={label}
        className={cn(
          "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-faint transition-colors",
          "duration-100 hover:bg-hover disabled:opacity-50 aria-pressed:bg-selected aria-pressed:text-ink [&_svg]:size-4",
          isDanger ? "hover:text-offline" : "hover:text-ink",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}
