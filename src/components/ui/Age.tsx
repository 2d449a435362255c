import { useNowSelect } from "@/hooks/useNow.ts";
import { formatAge, formatDuration, formatStamp } from "@/lib/format.ts";

/** How long ago something was, ticking; the exact moment is on hover. */
export function Age({ at }: { at: number }) {
  const text = useNowSelect((now) => formatAge(at, now));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatStamp(at)}>
      {text}
    </time>
  );
}

/** How long something has lasted, or did last. */
export function Lasting({ since, until = null }: { since: number; until?: number | null }) {
  const text = useNowSelect((now) => formatDuration((until ?? now) - since));
  return <span>{text}</span>;
}
