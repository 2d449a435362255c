/** What fills the screen when no page can: before it is known who is there, and when the backend does not answer. */
import { PlugZap } from "lucide-react";
import { Button } from "@/components/ui/Button.tsx";
import { Mark } from "@/components/ui/Mark.tsx";
import { EmptyView } from "@/components/ui/Views.tsx";
import { useConnection } from "@/hooks/useConnection.ts";
import { backendUrl } from "@/config/env.ts";

/** Waiting for the first answer; says so when none comes. */
export function FullPageWaiting() {
  const isUnreachable = useConnection() === "unreachable";
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      {isUnreachable ? (
        <div role="alert">
          <EmptyView
            icon={<PlugZap />}
            title="The backend does not answer"
            action={<Button onClick={() => location.reload()}>Try again</Button>}
          >
            Tried {backendUrl}. Check that Rollcall runs there; this page goes on by itself as soon
            as it does.
          </EmptyView>
        </div>
      ) : (
        <div role="status" aria-label="Loading Rollcall" className="animate-shimmer">
          <Mark className="size-10" />
        </div>
      )}
    </main>
  );
}
