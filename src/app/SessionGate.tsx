import { Navigate, useLocation } from "react-router";
import { FullPageWaiting } from "@/components/layout/FullPage.tsx";
import { ErrorView } from "@/components/ui/Views.tsx";
import { paths } from "@/config/paths.ts";
import { RemovalProgress } from "@/features/account/RemovalProgress.tsx";
import { useSession } from "@/features/account/useSession.ts";
import { useMachinesAhead } from "@/features/fleet/useMachinesAhead.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { AppShell } from "./AppShell.tsx";

/** Lets only signed-in people into the app. Others go to the sign-in page and come back to where they wanted. */
export function SessionGate() {
  const { account: texts } = useTexts();
  const session = useSession();
  const { pathname, search } = useLocation();
  useMachinesAhead(pathname === paths.fleet.href());
  switch (session.state) {
    case "loading":
      return <FullPageWaiting />;
    case "failed":
      return (
        <main className="flex min-h-page flex-col justify-center">
          <ErrorView
            title={texts.loadFailed}
            error={session.error}
            onRetry={() => location.reload()}
          />
        </main>
      );
    case "signedOut": {
      const query = new URLSearchParams();
      const here = `${pathname}${search}`;
      if (here !== paths.fleet.href()) query.set("next", here);
      if (session.isExpired) query.set("expired", "1");
      return <Navigate to={{ pathname: paths.signIn.href(), search: query.toString() }} replace />;
    }
    case "leaving":
      return <RemovalProgress removal={session.removal} />;
    case "signedIn":
      return <AppShell me={session.me} />;
    default:
      return session satisfies never;
  }
}
