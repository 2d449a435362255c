/** The views that a list shows instead of rows: loading, failed, nothing there, nothing found. Never one for another. */
import { RotateCw, SearchX, TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { messageOf } from "@/lib/errors.ts";
import { Button } from "./Button.tsx";

/** A grey shape where content will be. */
export function Skeleton({
  className,
  shape = "rounded",
}: {
  className?: string;
  shape?: "rounded" | "rounded-lg" | "rounded-full";
}) {
  return <div aria-hidden="true" className={cn("animate-shimmer bg-line", shape, className)} />;
}

/** Rows on their way. `label` says to screen readers what loads. */
export function LoadingRows({ label, count = 6 }: { label: string; count?: number }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: count }, (_, row) => (
        <div
          key={row}
          className="flex h-11 items-center gap-4 px-4"
          style={{ opacity: 1 - row / count }}
        >
          <Skeleton className="size-3" shape="rounded-full" />
          <Skeleton className="h-3 w-32 min-w-0 shrink" />
          <Skeleton className="ml-auto h-3 w-16" />
          <Skeleton className="hidden h-3 w-24 md:block" />
          <Skeleton className="hidden h-3 w-24 lg:block" />
        </div>
      ))}
    </div>
  );
}

/** The centre of an empty space: what this is, and what to do. */
export function EmptyView({
  icon,
  title,
  isPage = false,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  /** All that the page shows: its title is that of the page. */
  isPage?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {icon !== undefined && (
        <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-sunken text-ink-faint [&_svg]:size-5">
          {icon}
        </span>
      )}
      <Title className="text-base font-semibold text-ink">{title}</Title>
      {children !== undefined && (
        <div className="mt-1 max-w-md text-sm text-balance text-ink-soft">{children}</div>
      )}
      {action !== undefined && (
        <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>
      )}
    </div>
  );
}

/** Loading failed; one click tries again. */
export function ErrorView({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: unknown;
  onRetry: () => void;
}) {
  const { common: texts } = useTexts();
  return (
    <div role="alert">
      <EmptyView
        icon={<TriangleAlert className="text-offline" />}
        title={title}
        action={
          <Button icon={<RotateCw />} onClick={onRetry}>
            {texts.tryAgain}
          </Button>
        }
      >
        {messageOf(error)}
      </EmptyView>
    </div>
  );
}

/** There are things, but the filter lets none through. */
export function NothingFound({ query, onClear }: { query: string; onClear: () => void }) {
  const { common: texts } = useTexts();
  const [before, after] = texts.noMachineMatches;
  return (
    <EmptyView
      icon={<SearchX />}
      title={texts.nothingMatches}
      action={<Button onClick={onClear}>{texts.clearFilter}</Button>}
    >
      {before}
      <span className="font-medium break-words text-ink">{query}</span>
      {after}
    </EmptyView>
  );
}
