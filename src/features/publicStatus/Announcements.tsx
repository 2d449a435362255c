import { CircleAlert, CircleCheck, Info, type LucideIcon, Wrench } from "lucide-react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { formatMoment } from "@/lib/moments.ts";
import { DAY, MINUTE } from "../../../core/time.ts";
import { type PublicPage } from "./ItemCard.tsx";

type Announcement = PublicPage["announcements"][number];

/** One that is over is shown so long. */
const SHOWN_AFTER_END_MS = 3 * DAY;

const looks: Record<Announcement["kind"], { icon: LucideIcon; ink: string; edge: string }> = {
  info: { icon: Info, ink: "text-waiting", edge: "border-l-waiting-fill" },
  maintenance: { icon: Wrench, ink: "text-waiting", edge: "border-l-waiting-fill" },
  problem: { icon: CircleAlert, ink: "text-offline", edge: "border-l-offline-fill" },
  resolved: { icon: CircleCheck, ink: "text-online", edge: "border-l-online-fill" },
};

/** What the makers of the page tell in their own words. */
export function Announcements({ announcements }: { announcements: Announcement[] }) {
  const { statusPages } = useTexts();
  const now = useNowSelect((time) => Math.floor(time / MINUTE) * MINUTE);
  const shown = announcements.filter(
    ({ endsAt }) => endsAt === null || endsAt + SHOWN_AFTER_END_MS > now,
  );
  if (shown.length === 0) return null;
  return (
    <section aria-label={statusPages.page.announcements} className="grid gap-3">
      {shown.map((announcement) => {
        const { kind, title, text, startsAt, endsAt } = announcement;
        const { icon: Icon, ink, edge } = looks[kind];
        return (
          <article
            key={`${startsAt} ${title}`}
            className={cn(
              "rounded-lg border border-l-4 border-line bg-surface px-4 py-3 shadow-card",
              edge,
            )}
          >
            <p className={cn("flex items-center gap-1.5 text-xs font-medium", ink)}>
              <Icon aria-hidden="true" className="size-3.5" />
              {statusPages.news.kinds[kind]}
              <span className="font-normal text-ink-faint">
                {formatMoment(startsAt, now)}
                {endsAt !== null && ` – ${formatMoment(endsAt, now)}`}
              </span>
            </p>
            <h2 className="mt-1 font-semibold break-words">{title}</h2>
            {text !== "" && (
              <p className="mt-0.5 text-sm break-words whitespace-pre-wrap text-ink-soft">{text}</p>
            )}
          </article>
        );
      })}
    </section>
  );
}
