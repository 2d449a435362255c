import { type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { Spinner } from "./Spinner.tsx";

type Variant = "primary" | "secondary" | "ghost" | "danger" | "dangerOutline";

const variants: Record<Variant, string> = {
  primary: "bg-accent text-on-accent shadow-card hover:bg-accent-hover",
  secondary:
    "border border-line-strong/70 bg-surface text-ink shadow-card hover:border-line-strong hover:bg-sunken",
  ghost: "text-ink-soft hover:bg-hover hover:text-ink",
  dangerOutline:
    "border border-line-strong/70 bg-surface text-offline shadow-card hover:border-line-strong hover:bg-offline-soft",
  danger: "bg-danger text-on-danger shadow-card hover:bg-danger-hover",
};
const sizes = {
  md: "h-8 gap-1.5 px-3 text-sm",
  lg: "h-10 gap-2 px-4 text-base",
};

/** How a button looks, for links that should look the same. */
export function buttonClass(variant: Variant = "secondary", size: keyof typeof sizes = "md") {
  return cn(
    "inline-flex shrink-0 select-none items-center justify-center rounded-md font-medium whitespace-nowrap",
    "transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55",
    "[&_svg]:size-4 [&_svg]:shrink-0",
    variants[variant],
    sizes[size],
  );
}

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  size?: keyof typeof sizes;
  /** Shows a spinner and takes no second click; the button keeps its focus. */
  isPending?: boolean;
  icon?: ReactNode;
}

export function Button({
  variant,
  size,
  isPending = false,
  icon,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isPending || undefined}
      aria-disabled={isPending || undefined}
      className={cn(buttonClass(variant, size), isPending && "opacity-80", className)}
      onClick={(event) => {
        if (isPending) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {isPending ? <Spinner /> : icon}
      {children}
    </button>
  );
}
