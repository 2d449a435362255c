import { cn } from "@/lib/cn.ts";

/** A machine's tags as small labels; those over the limit as a number. */
export function Tags({ tags, limit = tags.length }: { tags: string[]; limit?: number }) {
  const shown = tags.slice(0, limit);
  const rest = tags.slice(limit);
  return (
    <span className="flex min-w-0 items-center gap-1 overflow-hidden">
      {shown.map((tag, index) => (
        <span
          key={tag}
          // Only the last gives way, so that not all of them are cut for want of a few pixels.
          className={cn(
            "truncate rounded-sm border border-line bg-sunken px-1.5 text-xs text-ink-soft",
            index < shown.length - 1 ? "max-w-32 shrink-0" : "min-w-0",
          )}
        >
          {tag}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="text-xs text-ink-faint" title={rest.join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
