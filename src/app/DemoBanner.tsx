import { FlaskConical } from "lucide-react";
import { useConvexAuth } from "convex/react";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useTexts } from "@/hooks/useTexts.ts";

/** The account that scripts/lib/demo makes. */
const ACCOUNT = { email: "demo@example.com", password: "rollcall-demo" };

/** A thin line above every page of a demo. Strangers also read how to get in. */
export function DemoBanner() {
  const { demo } = useTexts();
  const { data: installation } = useInstallation();
  const { isLoading, isAuthenticated } = useConvexAuth();
  if (installation?.isDemo !== true) return null;
  return (
    <aside
      aria-label={demo.label}
      data-above
      className="flex flex-wrap items-center justify-center gap-x-2 bg-accent px-4 py-1 text-center text-xs font-medium text-on-accent"
    >
      <FlaskConical aria-hidden="true" className="size-3.5 max-sm:hidden" />
      <span>{demo.isMadeUp}</span>
      {!isLoading && !isAuthenticated && (
        <span>{demo.signIn(ACCOUNT.email, ACCOUNT.password)}</span>
      )}
    </aside>
  );
}
