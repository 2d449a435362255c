import { cn } from "@/lib/cn.ts";

/**
 * A machine's tags as small labels. With a limit they keep to one line: where it is too short, tags wrap out of sight
 * as a whole. Half a word is worth less than its space, and all of them are on hover.
 */
export function Tags({ tags, limit }: { tags: string[]; limit?: number }) {
  const shown = tags.slice(0, limit);
  const rest = limit === undefined ? [] : tags.slice(limit);
  return (
    <span
      title={tags.join(", ")}
      className={cn(
        "flex min-w-0 flex-wrap items-center gap-1",
        limit !== undefined && "max-h-5 overflow-hidden",
      )}
    >
      {shown.map((tag) => (
        <span
          key={tag}
          className="max-w-[min(8rem,100%)] truncate rounded-sm border border-line bg-sunken px-1.5 text-xs leading-4.5 text-ink-soft"
        >
          {tag}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="text-xs leading-4.5 text-ink-faint">+{rest.length}</span>
      )}
    </span>
  );
}
