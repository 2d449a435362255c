/** What fills the screen when no page can: before it is known who is there, and when the backend does not answer. */
import { PlugZap } from "lucide-react";
import { Button } from "@/components/ui/Button.tsx";
import { Mark } from "@/components/ui/Mark.tsx";
import { EmptyView } from "@/components/ui/Views.tsx";
import { useConnection } from "@/hooks/useConnection.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { backendUrl } from "@/config/env.ts";

/** Waiting for the first answer; says so when none comes. */
export function FullPageWaiting() {
  const { common: texts } = useTexts();
  const isUnreachable = useConnection() === "unreachable";
  return (
    <main className="flex min-h-page flex-col items-center justify-center">
      {isUnreachable ? (
        <div role="alert">
          <EmptyView
            icon={<PlugZap />}
            title={texts.backendSilent}
            action={<Button onClick={() => location.reload()}>{texts.tryAgain}</Button>}
          >
            {texts.backendTried(backendUrl)}
          </EmptyView>
        </div>
      ) : (
        <div role="status" aria-label={texts.loadingApp} className="animate-shimmer">
          <Mark className="size-10" />
        </div>
      )}
    </main>
  );
}
