import { useNowSelect } from "@/hooks/useNow.ts";
import { formatAge, formatDuration, formatStamp } from "@/lib/format.ts";

/** How long ago something was, ticking; the exact moment is on hover. `text` puts it into a phrase: "used 3m ago". */
export function Age({ at, text = (age) => age }: { at: number; text?: (age: string) => string }) {
  const shown = useNowSelect((now) => text(formatAge(at, now)));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatStamp(at)}>
      {shown}
    </time>
  );
}

/** How long something has lasted, or did last; `text` puts it into a phrase: "for 3h 4m". */
export function Lasting({
  since,
  until = null,
  text = (duration) => duration,
}: {
  since: number;
  until?: number | null;
  text?: (duration: string) => string;
}) {
  const shown = useNowSelect((now) => text(formatDuration((until ?? now) - since)));
  return <span>{shown}</span>;
}
