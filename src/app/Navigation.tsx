import { ChevronsUpDown } from "lucide-react";
import { Link, useLocation } from "react-router";
import { ConnectionPill } from "@/components/layout/ConnectionPill.tsx";
import { Mark } from "@/components/ui/Mark.tsx";
import { paths } from "@/config/paths.ts";
import { AccountMenu, Avatar, displayName } from "@/features/account/AccountMenu.tsx";
import { MonitorPulse } from "@/features/monitor/MonitorPulse.tsx";
import { type MonitorHealth } from "@/features/monitor/useMonitor.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Me } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { isAt, places } from "./navigation.ts";

/** The column at the side of wide screens. */
export function SideNavigation({ me, health }: { me: Me; health: MonitorHealth | null }) {
  const { app: texts } = useTexts();
  const { pathname } = useLocation();
  return (
    <aside className="sticky top-0 z-20 hidden h-dvh w-56 shrink-0 flex-col border-r border-line bg-sunken/70 lg:flex">
      <Link
        to={paths.fleet.href()}
        className="m-2 flex items-center gap-2.5 rounded-md p-2 text-lg font-semibold tracking-tight"
      >
        <Mark />
        Rollcall
      </Link>
      <nav aria-label={texts.mainNavigation} className="flex-1 px-2">
        <ul className="grid gap-0.5">
          {places.map((place) => (
            <li key={place.href}>
              <Link
                to={place.href}
                aria-current={isAt(place, pathname) ? "page" : undefined}
                className={cn(
                  "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium transition-colors duration-100",
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
      </nav>
      <div className="grid gap-2 border-t border-line px-4.5 py-3">
        <ConnectionPill />
        <MonitorPulse health={health} />
      </div>
      <div className="border-t border-line p-2">
        <AccountMenu
          me={me}
          side="top"
          trigger={
            <button
              type="button"
              aria-label={texts.accountMenu}
              className="flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-hover"
            >
              <Avatar me={me} />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm font-medium">{displayName(me)}</span>
                <span className="block truncate text-xs text-ink-faint">{me.workspace.name}</span>
              </span>
              <ChevronsUpDown aria-hidden="true" className="size-4 text-ink-faint" />
            </button>
          }
        />
      </div>
    </aside>
  );
}

/** The bar on top of narrow screens. */
export function TopBar({ me }: { me: Me }) {
  const { app: texts } = useTexts();
  return (
    <header className="sticky top-0 z-20 flex h-13 items-center gap-3 border-b border-line bg-canvas/90 px-4 backdrop-blur-md lg:hidden">
      <Link
        to={paths.fleet.href()}
        className="flex items-center gap-2.5 rounded-md text-lg font-semibold tracking-tight"
      >
        <Mark />
        Rollcall
      </Link>
      <span className="ml-auto">
        <ConnectionPill />
      </span>
      <AccountMenu
        me={me}
        trigger={
          <button type="button" aria-label={texts.accountMenu} className="rounded-full">
            <Avatar me={me} />
          </button>
        }
      />
    </header>
  );
}

/** The bar at the thumb of narrow screens. */
export function BottomBar() {
  const { app: texts } = useTexts();
  const { pathname } = useLocation();
  return (
    <nav
      aria-label={texts.mainNavigation}
      className="sticky bottom-0 z-20 border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-md lg:hidden"
    >
      <ul className="mx-auto grid max-w-xl grid-cols-4">
        {places.map((place) => (
          <li key={place.href}>
            <Link
              to={place.href}
              aria-current={isAt(place, pathname) ? "page" : undefined}
              className={cn(
                "flex h-14 flex-col items-center justify-center gap-1 text-2xs font-medium",
                isAt(place, pathname) ? "text-accent-ink" : "text-ink-faint",
              )}
            >
              <place.icon aria-hidden="true" className="size-5" />
              {texts.places[place.key]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
