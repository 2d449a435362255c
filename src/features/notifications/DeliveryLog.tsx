import { Download, Inbox, RotateCcw, SearchX } from "lucide-react";
import { toast } from "sonner";
import { DeliveryStateBadge } from "@/components/delivery/DeliveryStateBadge.tsx";
import { DeliveryStory } from "@/components/delivery/DeliveryStory.tsx";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary.tsx";
import { LoadOlder } from "@/components/ui/LoadOlder.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useFilledPages } from "@/hooks/useFilledPages.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Delivery } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { DeliveryFilters } from "./DeliveryFilters.tsx";
import { type LogQuery } from "./useLogQuery.ts";
import { useLedgerExport } from "./useLedgerExport.ts";

const PAGE_SIZE = 25;

/** Every message, what became of it and when: the proof that people were told. Newest first, live. */
export function DeliveryLog({ query, canEdit }: { query: LogQuery; canEdit: boolean }) {
  const { notifications } = useTexts();
  const texts = notifications.log;
  return (
    <Card title={texts.title} description={texts.lead} action={<ExportButton />}>
      <DeliveryFilters query={query} />
      <ErrorBoundary
        key={`${query.state} ${query.channelId}`}
        fallback={(error, retry) => (
          <ErrorView title={texts.failed} error={error} onRetry={retry} />
        )}
      >
        <Log query={query} canEdit={canEdit} />
      </ErrorBoundary>
    </Card>
  );
}

function ExportButton() {
  const { notifications } = useTexts();
  const { exportAll, rows } = useLedgerExport();
  return (
    <Button icon={<Download />} isPending={rows !== null} onClick={() => void exportAll()}>
      {rows === null ? notifications.log.export : notifications.log.exporting(rows)}
    </Button>
  );
}

function Log({ query, canEdit }: { query: LogQuery; canEdit: boolean }) {
  const { notifications } = useTexts();
  const texts = notifications.log;
  const { state, channelId } = query;
  const { results, isLoading, older } = useFilledPages(
    api.deliveries.list,
    { ...(state !== null && { state }), ...(channelId !== null && { channelId }) },
    PAGE_SIZE,
  );
  if (isLoading) return <LoadingRows label={texts.loading} count={4} />;
  if (results.length === 0) {
    return state !== null || channelId !== null ? (
      <EmptyView
        icon={<SearchX />}
        title={texts.nothingFound}
        action={<Button onClick={query.clear}>{texts.clearFilters}</Button>}
      >
        {texts.nothingFoundLead}
      </EmptyView>
    ) : (
      <EmptyView icon={<Inbox />} title={texts.none}>
        {texts.noneLead}
      </EmptyView>
    );
  }
  return (
    <>
      <ol aria-label={texts.list} className="divide-y divide-line/70">
        {results.map((delivery) => (
          <DeliveryRow key={delivery.deliveryId} delivery={delivery} canEdit={canEdit} />
        ))}
      </ol>
      <LoadOlder older={older} />
    </>
  );
}

function DeliveryRow({ delivery, canEdit }: { delivery: Delivery; canEdit: boolean }) {
  const { notifications: texts } = useTexts();
  const { state, event, machineName, count, channelName } = delivery;
  const isDead = state === "failed" || state === "uncertain";
  return (
    <li className="grid animate-flash grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2 text-sm xl:min-h-11 xl:grid-cols-[7.5rem_minmax(0,1fr)_minmax(0,1.2fr)_auto_6.5rem]">
      <DeliveryStateBadge delivery={delivery} />
      <p className="col-span-2 col-start-1 row-start-2 min-w-0 xl:col-span-1 xl:col-start-2 xl:row-start-1 xl:truncate">
        {machineName !== null && event !== "test" && (
          <span className="font-medium">{machineName} </span>
        )}
        {count > 1 && <span className="text-ink-soft">{texts.log.andMore(count - 1)} </span>}
        <span className="text-ink-soft" title={event}>
          {texts.events[event]}
        </span>
        <span className="text-ink-faint"> {texts.log.to(channelName)}</span>
      </p>
      <p className="col-span-2 min-w-0 text-xs text-ink-soft xl:col-span-1">
        <DeliveryStory delivery={delivery} />
      </p>
      <span className="max-xl:col-span-2 max-xl:empty:hidden">
        {isDead && canEdit && <SendAgain delivery={delivery} />}
      </span>
      <p className="col-start-2 row-start-1 text-right text-xs whitespace-nowrap text-ink-faint xl:col-start-5">
        <Age at={delivery.queuedAt} />
      </p>
    </li>
  );
}

function SendAgain({ delivery: { deliveryId, channelName } }: { delivery: Delivery }) {
  const { notifications } = useTexts();
  const texts = notifications.log;
  const { call, isPending } = useCall(api.deliveries.sendAgain);
  const send = async () => {
    try {
      await call({ deliveryId });
      toast.success(texts.sentAgain);
    } catch (error) {
      toast.error(texts.sendAgainFailed, { description: messageOf(error) });
    }
  };
  return (
    <Button
      icon={<RotateCcw />}
      isPending={isPending}
      aria-label={texts.sendAgainOf(channelName)}
      onClick={() => void send()}
    >
      {texts.sendAgain}
    </Button>
  );
}
