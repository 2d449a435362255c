/** A machine's tags as small labels; those over the limit as a number. */
export function Tags({ tags, limit = tags.length }: { tags: string[]; limit?: number }) {
  const rest = tags.slice(limit);
  return (
    <span className="flex min-w-0 items-center gap-1">
      {tags.slice(0, limit).map((tag) => (
        <span
          key={tag}
          className="min-w-0 truncate rounded-sm border border-line bg-sunken px-1.5 text-xs text-ink-soft"
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
