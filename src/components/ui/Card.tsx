import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn.ts";

/** A titled part of a page. */
export function Card({
  title,
  description,
  action,
  children,
  className,
}: {
  title: string;
  description?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className={cn("rounded-lg border border-line bg-surface shadow-card", className)}
    >
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2">
        <div className={cn("flex-1", description === undefined ? "min-w-32" : "min-w-60")}>
          <h2 id={titleId} className="text-base font-semibold text-ink">
            {title}
          </h2>
          {description !== undefined && <p className="text-xs text-ink-faint">{description}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
