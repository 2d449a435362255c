import { type FunctionReturnType } from "convex/server";
import { CircleCheck, CircleHelp, CircleX, type LucideIcon, Power, Wrench } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { barOf, nextIndex } from "@/lib/dayBars.ts";
import { formatDay, formatShare } from "@/lib/format.ts";
import { formatMoment } from "@/lib/moments.ts";
import { type Texts } from "@/texts/texts.ts";
import { DAY } from "../../../core/time.ts";

export type PublicPage = NonNullable<FunctionReturnType<typeof api.publicStatus.get>>;
type Item = PublicPage["items"][number];

const looks: Record<Item["status"], { icon: LucideIcon; className: string }> = {
  operational: { icon: CircleCheck, className: "text-online" },
  down: { icon: CircleX, className: "text-offline" },
  maintenance: { icon: Wrench, className: "text-waiting" },
  stopped: { icon: Power, className: "text-stopped" },
  unknown: { icon: CircleHelp, className: "text-stopped" },
};

/** One part of what is watched: how it is, and how it was over ninety days. `today` is the start of the UTC day (ms). */
export function ItemCard({ item, today }: { item: Item; today: number }) {
  const { statusPages } = useTexts();
  const texts = statusPages.page;
  const { icon: Icon, className } = looks[item.status];
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="mb-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h3 className="min-w-0 font-semibold break-words">{item.name}</h3>
        <p className={cn("inline-flex items-center gap-1.5 text-sm font-medium", className)}>
          <Icon aria-hidden="true" className="size-4" />
          {texts.statuses[item.status]}
          {item.status === "down" && item.since !== null && <Since at={item.since} />}
        </p>
      </div>
      <DayBar item={item} today={today} />
    </li>
  );
}

function Since({ at }: { at: number }) {
  const { statusPages } = useTexts();
  const text = useNowSelect((now) => statusPages.page.since(formatMoment(at, now)));
  return <span className="font-normal">{text}</span>;
}

/** A slider over days: arrows, Home and End move, and what the day was is its value's text. */
function DayBar({ item: { name, days, last90Days }, today }: { item: Item; today: number }) {
  const { statusPages } = useTexts();
  const texts = statusPages.page;
  const [chosen, setChosen] = useState<number | null>(null);
  const last = days.length - 1;
  const index = Math.min(chosen ?? last, last);
  const textOf = (place: number) =>
    dayText(texts, today - (last - place) * DAY, days[place] ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, index, last);
    if (next === null) return;
    event.preventDefault();
    setChosen(next);
  };
  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        aria-label={texts.bar(name)}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={textOf(index)}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setChosen(null)}
        className="flex h-9 items-end rounded-sm"
      >
        {days.map((share, place) => (
          <span
            key={place}
            onPointerEnter={() => setChosen(place)}
            className="flex h-full min-w-0 flex-1 items-end px-[0.5px] sm:px-px"
          >
            <span
              className={cn(
                "w-full rounded-[2px]",
                barOf(share),
                place === chosen && "outline-2 outline-ink",
              )}
            />
          </span>
        ))}
      </div>
      <p className="mt-1.5 flex justify-between gap-3 text-xs text-ink-faint">
        {chosen === null ? (
          <>
            <span>{texts.daysAgo}</span>
            <span className="text-ink-soft">
              {last90Days === null ? "" : texts.uptime(formatShare(last90Days))}
            </span>
            <span>{texts.today}</span>
          </>
        ) : (
          <span className="w-full text-center text-ink-soft">{textOf(index)}</span>
        )}
      </p>
    </>
  );
}

function dayText(texts: Texts["statusPages"]["page"], day: number, share: number | null): string {
  return share === null
    ? texts.dayUnknown(formatDay(day))
    : texts.day(formatDay(day), formatShare(share));
}
