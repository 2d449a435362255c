import { Link, useLocation } from "react-router";
import { useTexts } from "@/hooks/useTexts.ts";
import { cn } from "@/lib/cn.ts";
import { isAt, type Place } from "./navigation.ts";

/** Groups of places as links; the second group has its name above it. */
export function PlaceList({
  groups,
  size,
  onNavigate,
}: {
  groups: readonly [readonly Place[], readonly Place[]];
  /** `touch`: rows high enough for a thumb. */
  size: "dense" | "touch";
  onNavigate?: () => void;
}) {
  const { app: texts } = useTexts();
  const { pathname } = useLocation();
  return groups.map((places, group) => (
    <div key={places[0]?.key} className={cn(group > 0 && "mt-5")}>
      {group > 0 && (
        <p className="px-2.5 pb-1 text-2xs font-semibold tracking-wide text-ink-faint uppercase">
          {texts.managing}
        </p>
      )}
      <ul className="grid gap-0.5">
        {places.map((place) => (
          <li key={place.href}>
            <Link
              to={place.href}
              onClick={onNavigate}
              aria-current={isAt(place, pathname) ? "page" : undefined}
              className={cn(
                "flex items-center gap-2.5 rounded-md px-2.5 font-medium transition-colors duration-100",
                size === "dense" ? "h-8 text-sm" : "h-11 text-base",
                isAt(place, pathname)
                  ? "bg-selected text-ink [&_svg]:text-accent-ink"
                  : "text-ink-soft hover:bg-hover hover:text-ink",
              )}
            >
              <place.icon aria-hidden="true" className="size-4" />
              {texts.places[place.key]}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
