import { usePaginatedQuery } from "convex/react";
import { Inbox } from "lucide-react";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useNowSelect } from "@/hooks/useNow.ts";
import { api, type Delivery } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { DeliveryStateBadge } from "./DeliveryStateBadge.tsx";
import { eventText } from "./deliveryLook.ts";

const PAGE_SIZE = 25;

/** Every message, what became of it and when: the proof that people were told. Newest first, live. */
export function DeliveryLog() {
  return (
    <Card
      title="Delivery log"
      description="Decided and queued exactly once; delivered at least once, with an id to tell repeats."
    >
      <ErrorBoundary
        fallback={(error, retry) => (
          <ErrorView title="The log could not be loaded" error={error} onRetry={retry} />
        )}
      >
        <Log />
      </ErrorBoundary>
    </Card>
  );
}

function Log() {
  const { results, status, loadMore } = usePaginatedQuery(
    api.deliveries.list,
    {},
    { initialNumItems: PAGE_SIZE },
  );
  if (status === "LoadingFirstPage") return <LoadingRows label="Loading deliveries" count={4} />;
  if (results.length === 0) {
    return (
      <EmptyView icon={<Inbox />} title="No message yet">
        Messages appear here the moment that they are queued, and change as they are sent.
      </EmptyView>
    );
  }
  return (
    <>
      <ol aria-label="Deliveries" className="divide-y divide-line/70">
        {results.map((delivery) => (
          <DeliveryRow key={delivery.deliveryId} delivery={delivery} />
        ))}
      </ol>
      {status !== "Exhausted" && (
        <div className="flex justify-center border-t border-line p-3">
          <Button isPending={status === "LoadingMore"} onClick={() => loadMore(PAGE_SIZE)}>
            Load older
          </Button>
        </div>
      )}
    </>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  return (
    <li className="grid animate-flash grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2 text-sm md:grid-cols-[7rem_minmax(0,1fr)_minmax(0,20rem)_7rem]">
      <DeliveryStateBadge state={delivery.state} attempts={delivery.attempts} />
      <p className="col-start-1 row-start-2 min-w-0 truncate md:col-start-2 md:row-start-1">
        {delivery.machineName !== null && delivery.event !== "test" && (
          <span className="font-medium">{delivery.machineName} </span>
        )}
        <span className="text-ink-soft" title={delivery.event}>
          {eventText(delivery.event)}
        </span>
        <span className="text-ink-faint"> → {delivery.channelName}</span>
      </p>
      <p className="col-span-2 min-w-0 text-xs break-words text-ink-faint md:col-span-1 md:text-right">
        <Outcome delivery={delivery} />
      </p>
      <p className="col-start-2 row-start-1 text-right text-xs whitespace-nowrap text-ink-faint md:col-start-4">
        <Age at={delivery.queuedAt} />
      </p>
      {delivery.error !== null && delivery.state !== "delivered" && (
        <p className="col-span-full text-xs break-words text-ink-soft md:col-start-2">
          {delivery.error}
        </p>
      )}
    </li>
  );
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const { responseStatus, latencyMs, attempts, nextAttemptAt } = delivery;
  const parts = [
    responseStatus !== null && `HTTP ${responseStatus}`,
    latencyMs !== null && `${Math.round(latencyMs)} ms`,
    attempts > 1 && `${attempts} attempts`,
  ].filter((part) => part !== false);
  return (
    <>
      {parts.join(" · ")}
      {nextAttemptAt !== null && attempts > 0 && (
        <>
          {parts.length > 0 && " · "}
          <NextAttempt at={nextAttemptAt} />
        </>
      )}
    </>
  );
}

function NextAttempt({ at }: { at: number }) {
  const text = useNowSelect((now) =>
    at <= now ? "next attempt now" : `next attempt in ${formatDuration(at - now)}`,
  );
  return <span>{text}</span>;
}
