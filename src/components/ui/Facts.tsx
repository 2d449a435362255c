import { type ReactNode } from "react";

/** Names and values, one below the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line text-sm">{children}</dl>;
}

export function Fact({
  label,
  children,
  action,
}: {
  label: string;
  children: ReactNode;
  /** What can be done about it, at the end of the line. */
  action?: ReactNode;
}) {
  return (
    <div className="grid min-h-11 grid-cols-[7.5rem_1fr] items-center gap-2 px-4 py-1.5 sm:grid-cols-[10rem_1fr]">
      <dt className="text-ink-faint">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 break-words">{children}</span>
        {action}
      </dd>
    </div>
  );
}
