import { Compass } from "lucide-react";
import { type ReactNode } from "react";
import { Mark } from "@/components/ui/Mark.tsx";
import { EmptyView, ErrorView, Skeleton } from "@/components/ui/Views.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useKept } from "@/hooks/useKept.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { formatMoment } from "@/lib/moments.ts";
import { DAY, MINUTE } from "../../../core/time.ts";
import { Announcements } from "./Announcements.tsx";
import { Headline } from "./Headline.tsx";
import { ItemCard, type PublicPage } from "./ItemCard.tsx";

/** Visitors within so long share an answer. */
const STEP_MS = 5 * MINUTE;

/** What everybody with the address sees, signed in or not; live. */
export function PublicStatus({ slug, onRetry }: { slug: string; onRetry: () => void }) {
  const { statusPages } = useTexts();
  const texts = statusPages.page;
  const until = useNowSelect((now) => Math.floor(now / STEP_MS) * STEP_MS);
  const { data, error } = useLiveQuery(api.publicStatus.get, { slug, until });
  const page = useKept(data);
  useDocumentTitle(page?.title ?? slug);
  if (error !== null) {
    return (
      <Frame>
        <h1 className="sr-only">{slug}</h1>
        <ErrorView title={texts.failed} error={error} onRetry={onRetry} />
      </Frame>
    );
  }
  if (page === undefined) {
    return (
      <Frame>
        <div role="status" aria-label={texts.loading} className="grid gap-4">
          <Skeleton className="h-9 w-56" />
          <Skeleton className="h-16" shape="rounded-lg" />
          <Skeleton className="h-40" shape="rounded-lg" />
        </div>
      </Frame>
    );
  }
  if (page === null) {
    return (
      <Frame>
        <h1 className="sr-only">{texts.notFound}</h1>
        <EmptyView icon={<Compass />} title={texts.notFound}>
          {texts.notFoundLead}
        </EmptyView>
      </Frame>
    );
  }
  return <Page page={page} today={Math.floor(until / DAY) * DAY} />;
}

function Page({ page, today }: { page: PublicPage; today: number }) {
  const { statusPages } = useTexts();
  const texts = statusPages.page;
  return (
    <Frame>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight break-words sm:text-3xl">
          {page.title}
        </h1>
        {page.description !== "" && (
          <p className="mt-1.5 max-w-2xl break-words whitespace-pre-wrap text-ink-soft">
            {page.description}
          </p>
        )}
      </header>
      <Headline overall={page.overall} />
      <Announcements announcements={page.announcements} />
      <section aria-label={texts.items}>
        {page.items.length === 0 ? (
          <p className="rounded-lg border border-dashed border-line-strong px-4 py-8 text-center text-sm text-ink-soft">
            {texts.empty}
          </p>
        ) : (
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
            {page.items.map((item) => (
              <ItemCard key={item.itemId} item={item} today={today} />
            ))}
          </ul>
        )}
      </section>
      <PastIncidents page={page} />
    </Frame>
  );
}

function PastIncidents({ page: { incidents, items } }: { page: PublicPage }) {
  const { statusPages } = useTexts();
  const texts = statusPages.page;
  return (
    <section>
      <h2 className="text-lg font-semibold">{texts.incidents}</h2>
      {incidents.length === 0 ? (
        <p className="mt-1 text-sm text-ink-soft">{texts.noIncidents}</p>
      ) : (
        <ul className="mt-2 divide-y divide-line/70 border-y border-line">
          {incidents.map(({ itemId, openedAt, closedAt }) => (
            <li
              key={`${itemId} ${openedAt}`}
              className="flex flex-col justify-between gap-x-4 gap-y-0.5 py-2 text-sm sm:flex-row sm:items-baseline"
            >
              <span className="min-w-0">
                <span className="font-medium break-words">
                  {items.find((item) => item.itemId === itemId)?.name ?? "–"}
                </span>{" "}
                <Lasted openedAt={openedAt} closedAt={closedAt} />
              </span>
              <Moment at={openedAt} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Lasted({ openedAt, closedAt }: { openedAt: number; closedAt: number | null }) {
  const { statusPages } = useTexts();
  const { ongoing, incident } = statusPages.page;
  const text = useNowSelect((now) =>
    closedAt === null
      ? ongoing(formatDuration(now - openedAt))
      : incident(formatDuration(closedAt - openedAt)),
  );
  return <span className={closedAt === null ? "text-offline" : "text-ink-soft"}>{text}</span>;
}

function Moment({ at }: { at: number }) {
  const text = useNowSelect((now) => formatMoment(at, now));
  return (
    <time
      dateTime={new Date(at).toISOString()}
      className="text-xs whitespace-nowrap text-ink-faint"
    >
      {text}
    </time>
  );
}

/** A page of its own: it has neither the app's navigation nor its width. */
function Frame({ children }: { children: ReactNode }) {
  const { statusPages } = useTexts();
  return (
    <div className="flex min-h-page flex-col border-t-4 border-accent">
      <main className="mx-auto grid w-full max-w-3xl flex-1 content-start gap-6 px-4 py-8 sm:px-6 sm:py-12">
        {children}
      </main>
      <footer className="mx-auto flex w-full max-w-3xl flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-6 text-xs text-ink-faint sm:px-6">
        <p>
          {statusPages.page.live} {statusPages.page.times}
        </p>
        <p className="flex items-center gap-1.5">
          <Mark className="size-4" />
          {statusPages.page.poweredBy}
        </p>
      </footer>
    </div>
  );
}
