import { type ReactNode, useEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation } from "react-router";
import { Notice } from "@/components/ui/Notice.tsx";
import { useDescribeSession } from "@/features/account/useDescribeSession.ts";
import { useMonitor, useServerClock } from "@/features/monitor/useMonitor.ts";
import { useConnection } from "@/hooks/useConnection.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Me } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { BottomBar } from "./BottomBar.tsx";
import { SideNavigation, TopBar } from "./Navigation.tsx";
import { PaletteKey } from "./palette/PaletteKey.tsx";
import { ShortcutHelp } from "./ShortcutHelp.tsx";

/** The frame around every page of the app: navigation, the state of the connection and of the monitor. */
export function AppShell({ me }: { me: Me }) {
  const { app: texts } = useTexts();
  const connection = useConnection();
  const health = useMonitor();
  useServerClock(health?.lastSweepAt ?? null);
  useDescribeSession();
  useEffect(() => {
    clock.setFrozen(connection === "reconnecting");
    return () => clock.setFrozen(false);
  }, [connection]);

  return (
    <div className="min-h-page lg:flex">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {texts.skipToContent}
      </a>
      <SideNavigation me={me} health={health} />
      <div className="flex min-h-page min-w-0 flex-1 flex-col">
        <TopBar me={me} />
        <Content>
          {health?.isSilent === true && connection === "live" && (
            <Notice kind="warning" className="mb-4">
              {texts.monitorIsSilent}
            </Notice>
          )}
          <Outlet context={me} />
        </Content>
        <BottomBar />
      </div>
      <ScrollRestoration />
      <ShortcutHelp>
        {(show) => <PaletteKey canEdit={me.workspace.role !== "viewer"} onHelp={show} />}
      </ShortcutHelp>
    </div>
  );
}

/** The page. It takes the focus after a navigation, so that keyboard and screen reader go on from its beginning. */
function Content({ children }: { children: ReactNode }) {
  const content = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shownPath = useRef(pathname);
  useEffect(() => {
    if (shownPath.current === pathname) return;
    shownPath.current = pathname;
    content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <main
      id="content"
      ref={content}
      tabIndex={-1}
      className="mx-auto w-full max-w-[128rem] flex-1 px-4 py-5 outline-none sm:px-6 lg:px-8 lg:py-7"
    >
      {children}
    </main>
  );
}
