import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { ChannelList } from "@/features/notifications/ChannelList.tsx";
import { DeliveryLog } from "@/features/notifications/DeliveryLog.tsx";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";

/** Who is told, and the proof that they were. */
export function Component() {
  useDocumentTitle("Notifications");
  return (
    <>
      <PageHeader title="Notifications" lead="Who is told, and the proof that they were." />
      <div className="grid gap-4">
        <Retryable>{(retry) => <ChannelList onRetry={retry} />}</Retryable>
        <DeliveryLog />
      </div>
    </>
  );
}
