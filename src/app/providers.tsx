import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { type ConvexReactClient } from "convex/react";
import { Tooltip } from "radix-ui";
import { lazy, type ReactNode, Suspense } from "react";
import { paths } from "@/config/paths.ts";
import { DemoBanner } from "./DemoBanner.tsx";

const Toasts = lazy(() => import("./Toasts.tsx").then(({ Toasts }) => ({ default: Toasts })));

/** Only there do sign-in providers send people back to, with a code that signs them in. */
const isSignInPage = () => location.pathname === paths.signIn.href();

/** What every page needs around it: the backend with its session, tooltips, toasts. */
export function Providers({
  client,
  children,
}: {
  client: ConvexReactClient;
  children: ReactNode;
}) {
  return (
    <ConvexAuthProvider client={client} shouldHandleCode={isSignInPage}>
      <DemoBanner />
      <Tooltip.Provider delayDuration={350}>{children}</Tooltip.Provider>
      <Suspense>
        <Toasts />
      </Suspense>
    </ConvexAuthProvider>
  );
}
