import { type ReactNode } from "react";

/** A page's title, one sentence about it, and its main action. */
export function PageHeader({
  title,
  lead,
  action,
}: {
  title: string;
  lead?: string;
  action?: ReactNode;
}) {
  return (
    <header className="mb-4 flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {lead !== undefined && <p className="mt-0.5 text-sm text-ink-soft">{lead}</p>}
      </div>
      {action}
    </header>
  );
}
