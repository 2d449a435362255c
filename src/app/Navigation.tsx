import { ChevronsUpDown } from "lucide-react";
import { Link } from "react-router";
import { ConnectionPill } from "@/components/layout/ConnectionPill.tsx";
import { Mark } from "@/components/ui/Mark.tsx";
import { paths } from "@/config/paths.ts";
import { Avatar, displayName } from "@/features/account/AccountMenu.tsx";
import { MonitorPulse } from "@/features/monitor/MonitorPulse.tsx";
import { type MonitorHealth } from "@/features/monitor/useMonitor.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Me } from "@/lib/backend.ts";
import { Account } from "./Account.tsx";
import { placeGroups } from "./navigation.ts";
import { PlaceList } from "./PlaceList.tsx";

/** The column at the side of wide screens. */
export function SideNavigation({ me, health }: { me: Me; health: MonitorHealth | null }) {
  const { app: texts } = useTexts();
  return (
    <aside className="sticky top-0 z-20 hidden h-page w-56 shrink-0 flex-col border-r border-line bg-sunken/70 lg:flex">
      <Link
        to={paths.fleet.href()}
        className="m-2 flex items-center gap-2.5 rounded-md p-2 text-lg font-semibold tracking-tight"
      >
        <Mark />
        Rollcall
      </Link>
      <nav aria-label={texts.mainNavigation} className="min-h-0 flex-1 overflow-y-auto px-2 py-0.5">
        <PlaceList groups={placeGroups} size="dense" />
      </nav>
      <div className="grid gap-2 border-t border-line px-4.5 py-3">
        <ConnectionPill />
        <MonitorPulse health={health} />
      </div>
      <div className="border-t border-line p-2">
        <Account
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
      <Account
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
