import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Retryable } from "@/components/ui/Retryable.tsx";
import { BrowserCard } from "@/features/notifications/BrowserCard.tsx";
import { ChannelList } from "@/features/notifications/ChannelList.tsx";
import { DeliveryLog } from "@/features/notifications/DeliveryLog.tsx";
import { useLogQuery } from "@/features/notifications/useLogQuery.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { useMe } from "../useMe.ts";

/** Who is told, and the proof that they were. */
export function Component() {
  const { notifications: texts } = useTexts();
  const { role, workspaceId } = useMe().workspace;
  const query = useLogQuery();
  useDocumentTitle(texts.title);
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Retryable>
          {(retry) => (
            <ChannelList
              role={role}
              onShowLog={(channelId) => query.set("channel", channelId)}
              onRetry={retry}
            />
          )}
        </Retryable>
        {role !== "viewer" && <BrowserCard workspaceId={workspaceId} />}
        <DeliveryLog query={query} canEdit={role !== "viewer"} />
      </div>
    </>
  );
}
